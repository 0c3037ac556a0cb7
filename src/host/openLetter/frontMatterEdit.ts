/** Offsets in the text, and what to put there. */
export interface TextEdit {
  from: number;
  to: number;
  text: string;
}

const BLOCK = /^\ufeff?(?:\s*<!--[ \t]*\r?\n?)?---[ \t]*(\r?\n)/;

/** Sets one key of the front matter: replaces its line, adds one, or adds the whole block. Comments and order stay. */
export function frontMatterEdit(text: string, key: string, value: string): TextEdit {
  const line = `${key}: ${yamlText(value)}`;
  const open = BLOCK.exec(text);
  const newline = open?.[1] ?? (text.includes('\r\n') ? '\r\n' : '\n');
  const start = open ? open[0].length : 0;
  const end = open ? text.slice(start).search(/^(?:---|\.\.\.)[ \t]*$/m) : -1;
  if (!open || end < 0) return { from: 0, to: 0, text: `---${newline}${line}${newline}---${newline}${newline}` };
  const block = text.slice(start, start + end);
  // With the lines that belong to it: those of a list, or of a text over several.
  const found = new RegExp(`^${key}[ \\t]*:[^\\r\\n]*(?:\\r?\\n(?:[ \\t]+|-[ \\t])[^\\r\\n]*)*`, 'm').exec(block);
  if (found) return { from: start + found.index, to: start + found.index + found[0].length, text: line };
  return { from: start + end, to: start + end, text: `${line}${newline}` };
}

/** A YAML scalar: bare where that is safe, double-quoted otherwise. */
export function yamlText(value: string): string {
  return /^[A-Za-z0-9_./@][\w./@ -]*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|[\d.+-]+)$/i.test(value.trim()) &&
    value === value.trim()
    ? value
    : JSON.stringify(value);
}
