import {
  createScanner,
  findNodeAtLocation,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { isBeyondAscii, parseAddress, parseDomain, parseMailbox } from './address.ts';
import { defaultSettings } from './defaultSettings.ts';
import { readDirect, readDkim } from './directReader.ts';
import { parseDuration } from './duration.ts';
import { type Finding, msg, UserError } from './errors.ts';
import { gatherKeys } from './gatherKeys.ts';
import { readKeepCampaigns } from './keepCampaigns.ts';
import { readMailboxes } from './mailboxReader.ts';
import { readSendingHours } from './sendingHours.ts';
import { readServers, withCaFiles } from './serverReader.ts';
import {
  type CheckCode,
  type CheckLevel,
  checkCodes,
  checkLevels,
  DIRECT,
  type Route,
  type Settings,
} from './settings.ts';
import { type KeyPath, keyText, ValueReader, type Where } from './valueReader.ts';

const PREFIX = 'envoi.';
/** No setting needs more than a few. */
const MAX_DEPTH = 50;

/** Keys of the editor alone: known, but not read here. */
export const editorKeys = [
  'recipients',
  'codeLens',
  'preview.remoteImages',
  'preview.scrollSync',
  'stateDirectory',
  'oauth',
] as const;

/** Keys that are merged into another's values. */
export const joinedKeys = ['caFiles'] as const;

const keys: readonly string[] = [...Object.keys(defaultSettings), ...editorKeys, ...joinedKeys];

export interface SettingsSource extends Where {
  /** Folder against which relative paths are resolved. */
  baseDir: string;
  /** Names of mail providers that `envoi.domainRoutes` may route by. */
  providers: readonly string[];
}

/**
 * Checks every setting once. `written` has the keys as in settings.json (`envoi.from`, …); others are
 * ignored. `"envoi.direct.port": 25` means the same as `"envoi.direct": { "port": 25 }`, as in the editor. An empty route
 * means the first server, or direct when there is none. What is wrong is a finding with its key and what is allowed, and the default stands in for it: findings of
 * severity "error" mean that nothing may be sent.
 */
export function readSettings(
  written: Record<string, unknown>,
  where: SettingsSource,
): { settings: Settings; findings: Finding[] } {
  const reader = new ValueReader(where);
  const raw = gatherKeys(written, PREFIX);
  const value = (key: keyof Settings) => raw[PREFIX + key];
  for (const key of Object.keys(raw)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    if (!keys.includes(name) && !(name === 'preview' && typeof raw[key] === 'object')) {
      reader.unknownKey(
        [key],
        key,
        keys.map((known) => PREFIX + known),
      );
    }
  }
  const servers = withCaFiles(
    reader,
    readServers(reader, value('servers'), where.baseDir),
    raw[`${PREFIX}caFiles`],
    where.baseDir,
  );
  const unsubscribe = reader.object(['envoi.unsubscribe'], value('unsubscribe'), ['mailto', 'url']);
  const retry = reader.object(['envoi.retry'], value('retry'), ['for']);
  const settings: Settings = {
    from: mailbox(reader, ['envoi.from'], value('from')),
    replyTo: mailbox(reader, ['envoi.replyTo'], value('replyTo')),
    servers,
    route: route(reader, ['envoi.route'], value('route'), servers, Object.keys(servers).slice(0, 1)),
    ...(Object.keys(servers).length === 0 && [value('route') ?? []].flat().length === 0 ? { directAssumed: true } : {}),
    domainRoutes: domainRoutes(reader, value('domainRoutes'), servers, where.providers),
    whenQuotaReached: reader.oneOf(['envoi.whenQuotaReached'], value('whenQuotaReached'), 'next', ['next', 'wait']),
    direct: readDirect(reader, value('direct')),
    dkim: readDkim(reader, value('dkim'), where.baseDir),
    mailboxes: readMailboxes(reader, value('mailboxes')),
    retry: { forMs: retryFor(reader, retry.for) },
    keepCampaigns: readKeepCampaigns(reader, value('keepCampaigns')),
    unsubscribe: {
      mailto: unsubscribeMailto(reader, unsubscribe.mailto),
      url: unsubscribeUrl(reader, unsubscribe.url),
    },
    postalAddress: reader.text(['envoi.postalAddress'], value('postalAddress'), ''),
    listId: listId(reader, value('listId')),
    feedbackId: reader.text(['envoi.feedbackId'], value('feedbackId'), ''),
    testRecipients: addresses(reader, ['envoi.testRecipients'], value('testRecipients')),
    sendingHours: readSendingHours(reader, value('sendingHours')),
    checks: checks(reader, value('checks')),
  };
  return { settings, findings: reader.findings };
}

/** Reads a settings file: JSON with comments, as VS Code writes it. Throws a UserError when it is not JSON. */
export function readSettingsFile(
  text: string,
  file: string,
  baseDir: string,
  providers: readonly string[],
): { settings: Settings; findings: Finding[] } {
  return readParsedSettings(parseSettings(text, file), { file, baseDir, providers });
}

export interface ParsedSettings {
  raw: Record<string, unknown>;
  lineOf: (path: KeyPath) => number | undefined;
}

/** The keys as written. Throws a UserError when it is not JSON. */
export function parseSettings(text: string, file: string): ParsedSettings {
  refuseDepth(text, file);
  const errors: ParseError[] = [];
  const raw: unknown = parse(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first) {
    throw new UserError(
      'settingsSyntax',
      msg('The settings file is not valid JSON: {0}.', printParseErrorCode(first.error)),
      msg('Fix it here and try again.'),
      { file, line: lineAt(text, first.offset) },
    );
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new UserError(
      'settingsSyntax',
      msg('The settings file does not contain an object.'),
      msg('Write it as {0}.', '{ "envoi.from": "…" }'),
      { file },
    );
  }
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const lineOf = (path: KeyPath) => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = tree && findNodeAtLocation(tree, path.slice(0, depth));
      if (node) return lineAt(text, node.parent?.type === 'property' ? node.parent.offset : node.offset);
    }
    return undefined;
  };
  return { raw: raw as Record<string, unknown>, lineOf };
}

export function readParsedSettings(
  { raw, lineOf }: ParsedSettings,
  where: Omit<SettingsSource, 'lineOf'>,
): { settings: Settings; findings: Finding[] } {
  return readSettings(raw, { ...where, lineOf });
}

/** The parser is recursive: deeper nesting is refused. */
function refuseDepth(text: string, file: string): void {
  const scanner = createScanner(text, true);
  for (let depth = 0; scanner.getPosition() < text.length; ) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth++;
    if (first === '}' || first === ']') depth--;
    if (depth <= MAX_DEPTH) continue;
    throw new UserError(
      'settingsSyntax',
      msg('The settings file is nested deeper than {0} levels.', MAX_DEPTH),
      msg('Fix it here and try again.'),
      { file, line: lineAt(text, scanner.getTokenOffset()) },
    );
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function mailbox(reader: ValueReader, path: KeyPath, value: unknown): string {
  const text = reader.text(path, value, '');
  if (text === '') return '';
  const parsed = parseMailbox(text);
  if (parsed.ok) return text;
  reader.wrong(path, msg('an address such as {0}', 'Ada Byron <ada@example.org>'), value);
  return '';
}

function route(
  reader: ValueReader,
  path: KeyPath,
  value: unknown,
  servers: Settings['servers'],
  fallback: readonly string[],
): Route {
  const usual = fallback.length > 0 ? fallback : [DIRECT];
  const given = reader.groups(path, value, usual);
  const entries = given.length > 0 ? given : usual;
  const known = [...Object.keys(servers), DIRECT];
  const names = entries.flatMap((entry, index) =>
    typeof entry === 'string'
      ? [{ name: entry, at: [...path, index] }]
      : entry.map((name, nth) => ({ name, at: [...path, index, nth] })),
  );
  for (const { name, at } of names) {
    if (!known.includes(name)) {
      reader.report(
        'error',
        'unknownServer',
        at,
        msg(
          '{0} refers to the server “{1}”, which is not in envoi.servers. Known servers: {2}.',
          keyText(path),
          name,
          known.join(', '),
        ),
        { server: name },
      );
    }
  }
  if (new Set(names.map(({ name }) => name)).size < names.length) reader.wrong(path, msg('each transport once'), value);
  return entries.flatMap((entry): Route => {
    if (typeof entry === 'string') return inEveryObject(entry) ? [] : [entry];
    const group = entry.filter((name) => !inEveryObject(name));
    return group.length > 0 ? [group] : [];
  });
}

/** `constructor`, `__proto__`: looked up by such a name, there always seems to be a server. No server is called so. */
function inEveryObject(name: string): boolean {
  return name in Object.prototype;
}

function domainRoutes(
  reader: ValueReader,
  value: unknown,
  servers: Settings['servers'],
  providers: readonly string[],
): Settings['domainRoutes'] {
  const path = ['envoi.domainRoutes'];
  const entries = Object.entries(reader.object(path, value));
  return Object.fromEntries(
    entries.map(([written, names]) => {
      const key = domainRouteKey(written, providers);
      if (!key) {
        const example = '"gmail.com", "*.example.org", "google", "mx:example.net"';
        reader.wrong([...path, written], msg('a domain or a mail provider as key, such as {0}', example), written);
      }
      return [key ?? written, route(reader, [...path, written], names, servers, [DIRECT])];
    }),
  );
}

/** A domain, all its subdomains, a mail provider, or the end of MX host names; null when it is none of them. */
function domainRouteKey(written: string, providers: readonly string[]): string | null {
  const provider = providers.find((id) => id.toLowerCase() === written.toLowerCase());
  if (provider) return provider;
  const [, prefix = '', name = ''] = /^(\*\.|mx:)?(.*)$/.exec(written) ?? [];
  const domain = parseDomain(name);
  return domain && prefix + domain;
}

function retryFor(reader: ValueReader, value: unknown): number {
  const path = ['envoi.retry', 'for'];
  const ms = value === undefined ? defaultSettings.retry.forMs : parseDuration(String(value));
  if (ms !== null && ms >= 0 && ms <= 5 * 86_400_000) return ms;
  reader.wrong(path, msg('a duration of up to five days, such as {0}', '"2d"'), value);
  return defaultSettings.retry.forMs;
}

function unsubscribeUrl(reader: ValueReader, value: unknown): string {
  const path = ['envoi.unsubscribe', 'url'];
  const url = reader.text(path, value, '');
  if (url === '' || /^https:\/\/[^\s<>"]+$/.test(url.replace(/\{\{.*?\}\}/g, 'x'))) return url;
  reader.wrong(path, msg('an https address, such as {0}', 'https://example.org/leave?t={{ token }}'), value);
  return '';
}

function unsubscribeMailto(reader: ValueReader, value: unknown): string {
  const path = ['envoi.unsubscribe', 'mailto'];
  const mailto = reader.text(path, value, '').replace(/^mailto:/i, '');
  if (mailto === '' || (!isBeyondAscii(mailto) && parseAddress(mailto.split('?')[0] ?? '').ok)) return mailto;
  reader.wrong(path, msg('an address, such as {0}', 'leave@example.org'), value);
  return '';
}

function listId(reader: ValueReader, value: unknown): string {
  const id = reader.text(['envoi.listId'], value, '');
  if (id === '' || parseDomain(id.replace(/^.*<|>.*$/g, ''))) return id;
  reader.wrong(['envoi.listId'], msg('a name in your domain, such as {0}', 'news.example.org'), value);
  return '';
}

function checks(reader: ValueReader, value: unknown): Settings['checks'] {
  const path = ['envoi.checks'];
  const raw = reader.object(path, value, checkCodes);
  const levels: Partial<Record<CheckCode, CheckLevel>> = {};
  for (const code of checkCodes) {
    if (raw[code] !== undefined) levels[code] = reader.oneOf([...path, code], raw[code], 'warning', checkLevels);
  }
  return levels;
}

function addresses(reader: ValueReader, path: KeyPath, value: unknown): readonly string[] {
  const list = reader.texts(path, value, []);
  for (const [index, item] of list.entries()) {
    if (!parseMailbox(item).ok) reader.wrong([...path, index], msg('an address'), item);
  }
  return list;
}
