import { oneLine } from '../liquid/safeHtml.ts';
import { mailboxHeader, rawHeader } from './headers.ts';

/** `Name <label.domain>` or the bare identifier (RFC 2919). */
export function listIdHeader(setting: string): string {
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(oneLine(setting));
  const id = (named?.[2] ?? oneLine(setting)).trim();
  return named?.[1] ? mailboxHeader('List-Id', { name: named[1], address: id }) : rawHeader('List-Id', `<${id}>`);
}
