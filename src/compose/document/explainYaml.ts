import type { YAMLError } from 'yaml';
import { msg, type Text } from '../../shared/errors.ts';

interface Explained {
  text: Text;
  /** What to mark, in the YAML. */
  from: number;
  to: number;
  /** `quoted`: what to write in its place. */
  data?: Record<string, string>;
}

/** The first error of the parser in words for a person; with the corrected value where only one meaning is possible. */
export function explainYaml(error: YAMLError, source: string): Explained {
  const [from, to] = error.pos;
  const open = openQuote(source);
  const lineStart = open ?? source.lastIndexOf('\n', Math.max(0, from - 1)) + 1;
  const newline = source.indexOf('\n', lineStart);
  const line = source.slice(lineStart, newline < 0 ? undefined : newline).trimEnd();
  const head = /^[^\s:'"]+:[ \t]+/.exec(line)?.[0] ?? '';
  const key = head.slice(0, head.indexOf(':'));
  const value = line.slice(head.length);
  const whole = { from: lineStart + head.length, to: lineStart + line.length };
  if (error.code === 'TAB_AS_INDENT')
    return { text: msg('This line begins with a tab. Use spaces instead, or remove it.'), from, to };
  const quote = value[0] === '"' ? '"' : value[0] === "'" ? "'" : '';
  if (quote && value.length > 1) {
    const inside = value.endsWith(quote) ? value.slice(1, -1) : value.slice(1);
    const data = { quoted: quoted(inside) };
    if (error.code === 'BAD_DQ_ESCAPE')
      return {
        text: msg('A backslash is literal only inside single quotes: {0}', data.quoted),
        ...whole,
        data,
      };
    if (!value.endsWith(quote) && !inside.includes(quote))
      return { text: msg('The quotation mark before “{0}” is never closed.', inside.slice(0, 40)), ...whole, data };
    return {
      text: msg('A quotation mark inside the quoted value of “{0}” ends it too early. Write {1}', key, data.quoted),
      ...whole,
      data,
    };
  }
  if (key && value)
    return {
      text: msg('The value of “{0}” is not valid as written. Put it in quotes: {1}', key, quoted(value)),
      ...whole,
      data: { quoted: quoted(value) },
    };
  if (error.code === 'MISSING_CHAR' && !line.includes(':'))
    return {
      text: msg('“{0}” is not a “key: value” line.', line.trim().slice(0, 60)),
      from: lineStart,
      to: lineStart + line.length,
    };
  return { text: msg('The front matter is not valid YAML: {0}', error.message.split('\n')[0] ?? ''), from, to };
}

/** The first line whose quoted value does not end on it, nor on an indented one below. */
function openQuote(source: string): number | undefined {
  let at = 0;
  const lines = source.split('\n');
  for (const [index, line] of lines.entries()) {
    const value = /^[^\s:'"#]+:[ \t]+(["'].*)$/.exec(line.trimEnd())?.[1];
    if (value && !value.slice(1).includes(value[0] as string) && !/^[ \t]+\S/.test(lines[index + 1] ?? '')) return at;
    at += line.length + 1;
  }
  return undefined;
}

/** Between single quotes, in which only the quote itself has to be doubled; between double ones when that reads better. */
export function quoted(value: string): string {
  return value.includes("'") && !/["\\]/.test(value) ? `"${value}"` : `'${value.replaceAll("'", "''")}'`;
}
