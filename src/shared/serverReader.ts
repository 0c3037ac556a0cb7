import { isBeyondAscii, parseAddress, parseDomain } from './address.ts';
import { defaultServer } from './defaultSettings.ts';
import { parseDuration, parseRate } from './duration.ts';
import { msg } from './errors.ts';
import { isExtraHeaderName, isExtraHeaderValue } from './extraHeaders.ts';
import { isLoopback } from './loopback.ts';
import { resolvePath } from './resolvePath.ts';
import { MARK_LENGTH, withMark } from './returnPath.ts';
import { DIRECT, type ServerSettings } from './settings.ts';
import type { KeyPath, ValueReader } from './valueReader.ts';

const keys = [
  'host',
  'port',
  'security',
  'user',
  'auth',
  'maxConnections',
  'maxMessagesPerConnection',
  'pipelineDepth',
  'rate',
  'quota',
  'pause',
  'caFile',
  'password',
  'dkim',
  'returnPath',
  'headers',
];

/** The setting `envoi.servers`: relays by name. */
export function readServers(reader: ValueReader, value: unknown, baseDir: string): Record<string, ServerSettings> {
  const path = ['envoi.servers'];
  const servers: Record<string, ServerSettings> = Object.create(null);
  for (const [name, item] of Object.entries(reader.object(path, value))) {
    const at = [...path, name];
    if (name === DIRECT || name in Object.prototype || !/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name)) {
      reader.wrong(at, msg('a name of letters, digits, spaces, dots and dashes other than {0}', `"${DIRECT}"`), name);
    }
    servers[name] = readServer(reader, at, item, baseDir);
  }
  return { ...servers };
}

function readServer(reader: ValueReader, at: KeyPath, value: unknown, baseDir: string): ServerSettings {
  const raw = reader.object(at, value, keys);
  if (raw.password !== undefined) {
    reader.report(
      'error',
      'passwordInSettings',
      [...at, 'password'],
      msg(
        '{0} contains a password, which does not belong in settings. Remove it and use “Envoi: Set Password…”.',
        at.join('.'),
      ),
      { server: String(at.at(-1)) },
    );
  }
  const security = reader.oneOf([...at, 'security'], raw.security, defaultServer.security, ['tls', 'starttls', 'none']);
  const user = reader.text([...at, 'user'], raw.user, '');
  // A final dot marks a name as complete; no certificate contains it.
  const host = reader.text([...at, 'host'], raw.host, '').replace(/(?<=[^.])\.$/, '');
  const usual = security === 'tls' ? 465 : security === 'starttls' ? 587 : 25;
  const server: ServerSettings = {
    host,
    port: reader.whole([...at, 'port'], raw.port, usual, 1, 65535),
    security,
    user,
    auth: reader.oneOf([...at, 'auth'], raw.auth, user === '' ? 'none' : 'password', ['password', 'oauth2', 'none']),
    maxConnections: reader.whole([...at, 'maxConnections'], raw.maxConnections, defaultServer.maxConnections, 1, 100),
    maxMessagesPerConnection: reader.whole(
      [...at, 'maxMessagesPerConnection'],
      raw.maxMessagesPerConnection,
      defaultServer.maxMessagesPerConnection,
      1,
      100_000,
    ),
    ...pipelineDepth(reader, [...at, 'pipelineDepth'], raw.pipelineDepth),
    windows: [...rates(reader, [...at, 'rate'], raw.rate), ...rates(reader, [...at, 'quota'], raw.quota)],
    ...pause(reader, [...at, 'pause'], raw.pause),
    caFile: raw.caFile === undefined ? '' : resolvePath(reader.text([...at, 'caFile'], raw.caFile, ''), baseDir),
    dkim: reader.oneOf([...at, 'dkim'], raw.dkim, defaultServer.dkim, ['auto', 'own', 'provider']),
    returnPath: readReturnPath(reader, [...at, 'returnPath'], raw.returnPath),
    headers: readHeaders(reader, [...at, 'headers'], raw.headers),
  };
  check(reader, at, server, raw);
  return server;
}

function check(reader: ValueReader, at: KeyPath, server: ServerSettings, raw: Record<string, unknown>): void {
  const { host } = server;
  if (!parseDomain(host) && !isAddress(host) && host !== 'localhost') {
    reader.wrong([...at, 'host'], msg('the host name of the server, such as {0}', 'smtp.example.org'), raw.host ?? '');
  }
  if (server.auth !== 'none' && server.user === '') {
    reader.wrong([...at, 'user'], msg('the user name, as auth is "{0}"', server.auth), raw.user ?? '');
  }
  if (server.auth !== 'none' && server.security === 'none' && !isLoopback(host)) {
    reader.report(
      'error',
      'secretInClear',
      [...at, 'security'],
      msg(
        '{0} is "none": the password would cross the network in the clear. Use "starttls" or "tls".',
        [...at, 'security'].join('.'),
      ),
    );
  }
}

/** A connection's windows cannot carry more than sixteen messages per round trip. */
function pipelineDepth(reader: ValueReader, path: KeyPath, value: unknown): { pipelineDepth?: number } {
  return value === undefined ? {} : { pipelineDepth: reader.whole(path, value, 1, 1, 16) };
}

function rates(reader: ValueReader, path: KeyPath, value: unknown): { count: number; perMs: number }[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  const windows = list.map((item) => (typeof item === 'string' ? parseRate(item) : null));
  if (windows.some((window) => window === null)) {
    reader.wrong(path, msg('a number per second, minute, hour or day, such as {0}', '"500/hour"'), value);
  }
  return windows.filter((window) => window !== null);
}

function pause(reader: ValueReader, path: KeyPath, value: unknown): { pause?: { every: number; forMs: number } } {
  if (value === undefined) return {};
  const raw = reader.object(path, value, ['every', 'for']);
  const every = reader.whole([...path, 'every'], raw.every ?? 0, 0, 1, 1_000_000);
  const forMs = parseDuration(String(raw.for ?? ''));
  if (forMs === null) reader.wrong([...path, 'for'], msg('a duration, such as {0}', '"30s"'), raw.for ?? '');
  return every > 0 && forMs !== null ? { pause: { every, forMs } } : {};
}

/** The envelope's sender where it is not the address in From; shared by relays and direct delivery. */
export function readReturnPath(reader: ValueReader, path: KeyPath, value: unknown): string {
  const text = reader.text(path, value, '');
  if (text === '' || (!isBeyondAscii(text) && parseAddress(withMark(text, 'a'.repeat(MARK_LENGTH))).ok)) return text;
  reader.wrong(path, msg('an address, such as {0}', 'bounces+{{ verp }}@example.org'), value);
  return '';
}

function readHeaders(reader: ValueReader, path: KeyPath, value: unknown): Record<string, string> {
  const headers: [string, string][] = [];
  for (const [name, item] of Object.entries(reader.object(path, value))) {
    const at = [...path, name];
    if (!isExtraHeaderName(name)) {
      const allowed = 'X-PM-Message-Stream, Feedback-ID, Precedence';
      reader.wrong(at, msg('a header that may be added, such as {0}', allowed), name);
    } else if (typeof item !== 'string' || !isExtraHeaderValue(item)) {
      reader.wrong(at, msg('one line of plain ASCII text'), item);
    } else headers.push([name, item]);
  }
  return Object.fromEntries(headers);
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^[0-9a-f:]+:[0-9a-f:.]*$/i.test(host);
}

/**
 * Paths of certificates stand in a key of their own, by server: servers go along to a person's other computers, paths do
 * not. `caFile` within a server is still understood.
 */
export function withCaFiles(
  reader: ValueReader,
  servers: Readonly<Record<string, ServerSettings>>,
  raw: unknown,
  baseDir: string,
): Record<string, ServerSettings> {
  const files = reader.object(['envoi.caFiles'], raw, Object.keys(servers));
  return Object.fromEntries(
    Object.entries(servers).map(([name, server]) => {
      const path = files[name] === undefined ? '' : reader.text(['envoi.caFiles', name], files[name], '');
      return [name, path === '' ? server : { ...server, caFile: resolvePath(path, baseDir) }];
    }),
  );
}
