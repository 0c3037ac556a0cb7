import { parseAddress } from '../../shared/address.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Mailbox } from '../newsletter.ts';

export type ParsedMailbox = { ok: true; mailbox: Mailbox } | { ok: false; reason: Text };

/** Reads `Ada Byron <ada@example.org>`, `"Byron, Ada" <…>` or a bare address (RFC 5322 3.4, without groups and comments). */
export function parseMailbox(text: string): ParsedMailbox {
  const line = text.replace(/[\r\n]+/g, ' ').trim();
  const angle = /^(.*)<([^<>]*)>$/s.exec(line);
  const parsed = parseAddress(angle ? (angle[2] ?? '') : line);
  if (!parsed.ok) return { ok: false, reason: parsed.reason };
  const name = (angle?.[1] ?? '').trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(name);
  if (!quoted && /[<>"]/.test(name)) return { ok: false, reason: msg('its name needs quotes around it') };
  return {
    ok: true,
    mailbox: { name: quoted ? (quoted[1] ?? '').replace(/\\(.)/gs, '$1') : name, address: parsed.address },
  };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
