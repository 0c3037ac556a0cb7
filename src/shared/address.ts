import { domainToASCII } from 'node:url';
import { msg, type Text } from './errors.ts';

export type ParsedAddress = { ok: true; address: string; local: string; domain: string } | { ok: false; reason: Text };

/** RFC 5321, and beyond ASCII what RFC 6532 adds, except unassigned, invisible and blank characters. */
const atext = "(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|(?![\\p{C}\\p{Z}])[^\\u0000-\\u007f])+";
const dotString = new RegExp(`^${atext}(?:\\.${atext})*$`, 'u');
const quotedString = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Checks an address as SMTP will carry it (RFC 5321 4.1.2, lengths 4.5.3.1): local part of at most 64 octets, domain of
 * at most 255, 254 in all; the domain becomes lower-case A-labels (RFC 5890). Local parts may go beyond ASCII (RFC 6531), in
 * one form for all who write the same (NFC); only servers with SMTPUTF8 take them, and a sender's may not, as it would ask
 * that of every server. Literals such as `[192.0.2.1]` are refused.
 */
export function parseAddress(text: string): ParsedAddress {
  const trimmed = text.trim();
  return parsePlain(trimmed) ?? parseAny(trimmed);
}

/** As nearly all are written: in ASCII, with a dot-string before the @. */
const plain = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9.-]+$/;

/** The same as `parseAny`, at a third of its cost; null where that has to look. */
function parsePlain(address: string): ParsedAddress | null {
  if (address.length > 254 || !plain.test(address)) return null;
  const at = address.lastIndexOf('@');
  const written = address.slice(at + 1);
  const domain = at > 64 ? null : parseDomain(written);
  return domain === written ? { ok: true, address, local: address.slice(0, at), domain } : null;
}

/** Without surrounding blanks. */
export function parseAny(trimmed: string): ParsedAddress {
  if (trimmed === '') return no(msg('it is empty'));
  const at = trimmed.lastIndexOf('@');
  if (at < 0) return no(msg('it has no @'));
  const local = trimmed.slice(0, at).normalize('NFC');
  const written = trimmed.slice(at + 1);
  if (local === '') return no(msg('nothing comes before the @'));
  if (written === '') return no(msg('nothing comes after the @'));
  if (/[\u0000-\u001f\u007f]/.test(trimmed)) return no(msg('it contains a control character'));
  if (octetsOf(local) > 64) return no(msg('the part before the @ has more than 64 characters'));
  if (!dotString.test(local) && !quotedString.test(local)) {
    return no(
      /[\s,;<>]/.test(trimmed)
        ? msg('it contains a space or a separator: put one address in each row')
        : msg('the part before the @ is not well formed'),
    );
  }
  if (written.startsWith('[')) return no(msg('addresses of the form user@[IP] are not accepted'));
  const domain = parseDomain(written);
  if (domain === null) return no(msg('the domain {0} is not well formed', written.slice(0, 80)));
  const address = `${local}@${domain}`;
  if (octetsOf(address) > 254) return no(msg('it has more than 254 characters'));
  return { ok: true, address, local, domain };
}

/** As UTF-8, which is what the lengths of SMTP count. */
function octetsOf(text: string): number {
  return Buffer.byteLength(text);
}

/** Whether only servers with SMTPUTF8 take it. */
export function isBeyondAscii(address: string): boolean {
  return /[^\u0000-\u007f]/.test(address);
}

/** Lower-case A-labels without a trailing dot, or null when it is no mail domain (RFC 1035 2.3.4, RFC 5890). */
export function parseDomain(text: string): string | null {
  const known = domains.get(text);
  if (known !== undefined) return known;
  const domain = readDomain(text);
  if (text.length > 255) return domain;
  if (domains.size >= DOMAINS) domains.clear();
  // As slices of a list, they would keep the whole block of the file in memory.
  domains.set(ownCopy(text), domain === null ? null : ownCopy(domain));
  return domain;
}

/** A list of a million addresses repeats few domains. */
const DOMAINS = 5000;
const domains = new Map<string, string | null>();

/** The same text in memory of its own: a slice keeps the whole original alive. */
export function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function readDomain(text: string): string | null {
  const written = text.trim().replace(/\.$/, '');
  // The function below reads URLs: it would cut at a slash and decode a percent sign.
  if (/[^A-Za-z0-9.\u0080-\u{10ffff}-]/u.test(written)) return null;
  const ascii = domainToASCII(written).toLowerCase();
  const labels = ascii.split('.');
  if (ascii === '' || ascii.length > 253 || labels.length < 2) return null;
  if (!labels.every((part) => part.length <= 63 && label.test(part))) return null;
  // An all-numeric last label is an IP address in disguise.
  return /^\d+$/.test(labels.at(-1) ?? '') ? null : ascii;
}

/** The part after the last @, unchanged. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** What two spellings of one mailbox share: used so that nobody is mailed twice. */
export function foldAddress(address: string): string {
  return address.toLowerCase();
}

/** Reads `Ada Byron <ada@example.org>`, `"Byron, Ada" <ada@example.org>` or a bare address. In time linear in its length. */
export function parseMailbox(text: string): { ok: true; name: string; address: string } | { ok: false; reason: Text } {
  const angled = splitAngled(text.trim());
  const { name, quoted } = angled ?? { name: '', quoted: false };
  if (/[\u0000-\u001f\u007f]/.test(name)) return no(msg('the name contains a control character'));
  if (!quoted && /[,;]/.test(name))
    return no(msg('only one address is allowed; put a name that contains a comma in quotes'));
  if (!quoted && /[()]/.test(angled ? name : text)) return no(msg('comments in parentheses are not accepted'));
  const parsed = parseAddress(angled ? angled.address : text);
  if (parsed.ok && isBeyondAscii(parsed.address)) return no(msg('the part before the @ has non-ASCII characters'));
  return parsed.ok ? { ok: true, name, address: parsed.address } : parsed;
}

/** The parts of `name <address>`; null for anything else. */
function splitAngled(text: string): { name: string; quoted: boolean; address: string } | null {
  if (!text.endsWith('>')) return null;
  const open = text.lastIndexOf('<');
  const address = text.slice(open + 1, -1);
  if (open < 0 || address.includes('>')) return null;
  const before = text.slice(0, open).trim();
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(before) ?? [];
  if (quoted !== undefined) return { name: quoted.replace(/\\(.)/g, '$1'), quoted: true, address };
  return /[<>"]/.test(before) ? null : { name: before, quoted: false, address };
}

function no(reason: Text): { ok: false; reason: Text } {
  return { ok: false, reason };
}
