import { parseDomain } from './address.ts';
import { defaultDirect } from './defaultSettings.ts';
import { msg } from './errors.ts';
import { resolvePath } from './resolvePath.ts';
import { readReturnPath } from './serverReader.ts';
import type { DirectSettings, DkimSettings } from './settings.ts';
import type { KeyPath, ValueReader } from './valueReader.ts';

/** The setting `envoi.direct`. */
export function readDirect(reader: ValueReader, value: unknown): DirectSettings {
  const path = ['envoi.direct'];
  const fallback = defaultDirect;
  const raw = reader.object(path, value, Object.keys(fallback));
  const hello = reader.text([...path, 'hello'], raw.hello, fallback.hello);
  if (hello !== '' && !parseDomain(hello) && !/^\[.+\]$/.test(hello)) {
    reader.wrong([...path, 'hello'], msg('a full host name such as {0}', 'mail.example.org'), raw.hello);
  }
  return {
    hello,
    tls: reader.oneOf([...path, 'tls'], raw.tls, fallback.tls, ['opportunistic', 'required']),
    maxConnectionsPerDestination: reader.whole(
      [...path, 'maxConnectionsPerDestination'],
      raw.maxConnectionsPerDestination,
      fallback.maxConnectionsPerDestination,
      1,
      50,
    ),
    maxConnections: reader.whole([...path, 'maxConnections'], raw.maxConnections, fallback.maxConnections, 1, 1000),
    dnsServers: reader.texts([...path, 'dnsServers'], raw.dnsServers, fallback.dnsServers),
    port: reader.whole([...path, 'port'], raw.port, fallback.port, 1, 65535),
    ipFamily: reader.oneOf([...path, 'ipFamily'], raw.ipFamily, fallback.ipFamily, ['auto', 'ipv4', 'ipv6']),
    localAddress: reader.text([...path, 'localAddress'], raw.localAddress, fallback.localAddress),
    returnPath: readReturnPath(reader, [...path, 'returnPath'], raw.returnPath),
    warmUp: readWarmUp(reader, [...path, 'warmUp'], raw.warmUp),
  };
}

function readWarmUp(reader: ValueReader, path: KeyPath, value: unknown): string {
  const day = reader.text(path, value, '');
  const at = new Date(`${day}T00:00:00Z`);
  if (day === '' || (/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(at.getTime()))) return day;
  reader.wrong(path, msg('the day on which sending began, such as {0}', '2026-11-25'), value);
  return '';
}

/** The setting `envoi.dkim`: keys by From domain, their paths made absolute. */
export function readDkim(reader: ValueReader, value: unknown, baseDir: string): Record<string, DkimSettings> {
  const path = ['envoi.dkim'];
  const entries: [string, DkimSettings][] = [];
  for (const [domain, item] of Object.entries(reader.object(path, value))) {
    const at = [...path, domain];
    const raw = reader.object(at, item, ['selector', 'privateKeyFile']);
    const ascii = parseDomain(domain);
    const selector = reader.text([...at, 'selector'], raw.selector, '');
    const file = reader.text([...at, 'privateKeyFile'], raw.privateKeyFile, '');
    if (!ascii) reader.wrong(at, msg('the From domain as key, such as {0}', '"example.org"'), domain);
    if (!/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(selector)) {
      reader.wrong([...at, 'selector'], msg('the name of the DNS record before ._domainkey'), raw.selector ?? '');
    }
    if (file === '')
      reader.wrong([...at, 'privateKeyFile'], msg('the path of a private key in PEM form'), raw.privateKeyFile ?? '');
    entries.push([ascii ?? domain, { selector, privateKeyFile: resolvePath(file, baseDir) }]);
  }
  return Object.fromEntries(entries);
}
