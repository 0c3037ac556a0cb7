import { domainToASCII } from 'node:url';
import type { Mailbox } from '../newsletter.ts';

/** Why a mailbox is not usable: no address in it, its form, its domain, or a local part that needs SMTPUTF8. */
export type MailboxProblem = 'empty' | 'form' | 'domain' | 'nonAscii';

export type ParsedMailbox = { kind: 'mailbox'; mailbox: Mailbox } | { kind: 'problem'; problem: MailboxProblem };

const atext = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(
  `^(?:${atext}(?:\\.${atext})*|"(?:[^"\\\\\\x00-\\x1f\\x7f-\\uffff]|\\\\[\\x20-\\x7e])*")$`,
);

/** Reads `Ada Byron <ada@example.org>`, `"Byron, Ada" <…>` or a bare address (RFC 5322 3.4, without groups and comments). */
export function parseMailbox(text: string): ParsedMailbox {
  const line = text.replace(/[\r\n]+/g, ' ').trim();
  if (line === '') return { kind: 'problem', problem: 'empty' };
  const angle = /^(.*)<([^<>]*)>$/s.exec(line);
  const address = checkAddress((angle ? angle[2] : line)?.trim() ?? '');
  if (typeof address !== 'string') return { kind: 'problem', problem: address.problem };
  const name = (angle?.[1] ?? '').trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(name);
  return { kind: 'mailbox', mailbox: { name: quoted ? (quoted[1] ?? '').replace(/\\(.)/gs, '$1') : name, address } };
}

/** The address with its domain as A-labels, or what is wrong with it (RFC 5321 4.5.3.1). */
export function checkAddress(address: string): string | { problem: MailboxProblem } {
  const at = address.lastIndexOf('@');
  if (at <= 0) return { problem: 'form' };
  const local = address.slice(0, at);
  if (/[^\x00-\x7f]/.test(local)) return { problem: 'nonAscii' };
  if (local.length > 64 || !localPart.test(local)) return { problem: 'form' };
  const written = address.slice(at + 1);
  if (!/^[\p{L}\p{N}\p{M}.-]+$/u.test(written)) return { problem: 'domain' };
  const domain = domainToASCII(written);
  if (!domain || !/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(domain))
    return { problem: 'domain' };
  return local.length + 1 + domain.length > 254 ? { problem: 'form' } : `${local}@${domain}`;
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
