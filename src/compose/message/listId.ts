import { oneLine } from '../liquid/safeHtml.ts';
import { mailboxHeader, rawHeader } from './headers.ts';

/** `Name <label.domain>` or the bare identifier (RFC 2919). */
export function listIdHeader(setting: string): string {
  const line = oneLine(setting);
  const open = line.lastIndexOf('<');
  if (open < 0 || !line.endsWith('>')) return rawHeader('List-Id', `<${line}>`);
  const id = line.slice(open + 1, -1).trim();
  const name = line.slice(0, open).trim();
  return name === '' ? rawHeader('List-Id', `<${id}>`) : mailboxHeader('List-Id', { name, address: id });
}
