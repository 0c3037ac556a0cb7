import { type Document, visit } from 'yaml';

export interface Written {
  /** The YAML with each such value replaced by a word of the same length: places stay what they are. */
  yaml: string;
  /** The values behind those words, by where they begin. */
  values: ReadonlyMap<number, string>;
  /** Values followed by a comment, `subject: Weekly # 12`. */
  comments: readonly { key: string; from: number; to: number; whole: string }[];
}

const LINE = /^([^\s#:'"\-?[\]{}][^\s:]*):[ \t]+(?=\S)/;

/**
 * Reads values as their author sees them: `News: the garden`, `Weekly #12`, `!new stuff`, `50% off`, `*now*`,
 * `[Update] news`, `{{ name }}, hello`. YAML would reject or truncate them. Intended YAML stays:
 * quoted texts, lists, maps, blocks, an alias to an anchor that is there, `!!` tags, a comment behind `# `.
 */
export function readWritten(source: string): Written {
  const lines = source.split('\n');
  const values = new Map<number, string>();
  const comments: { key: string; from: number; to: number; whole: string }[] = [];
  const anchors = new Set(source.match(/(?<![^\s[{,])&[\w-]+/g)?.map((anchor) => anchor.slice(1)));
  const aliases = new Set(source.match(/(?<![^\s[{,])\*[\w-]+/g)?.map((alias) => alias.slice(1)));
  let yaml = '';
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const head = LINE.exec(line)?.[0].length ?? 0;
    const key = line.slice(0, line.indexOf(':'));
    let shown = line;
    if (head > 0 && !continues(lines[index + 1])) {
      const whole = line.slice(head).trimEnd();
      const value = withoutComment(whole);
      const plain = !/^["'|>]/.test(value) || isText(value);
      if (value !== whole && plain && value !== '')
        comments.push({ key, from: offset + head, to: offset + head + whole.length, whole });
      if (value !== '' && isText(value) && !isReference(value, anchors, aliases)) {
        values.set(offset + head, value);
        shown = line.slice(0, head) + 'x'.repeat(value.length) + line.slice(head + value.length);
      }
    }
    yaml += index === 0 ? shown : `\n${shown}`;
    offset += line.length + 1;
  }
  return { yaml, values, comments };
}

/** Puts the values back, and keeps numbers as they were written: `007`, `1.10`. */
export function restoreWritten(document: Document, values: ReadonlyMap<number, string>): void {
  visit(document, {
    Scalar(_, node) {
      const value = values.get(node.range?.[0] ?? -1);
      if (value !== undefined) node.value = value;
      else if (typeof node.value === 'number' && node.source && String(node.value) !== node.source)
        node.value = node.source;
    },
  });
}

/** The next line belongs to this value: it is indented, or closes a list that began here. */
function continues(next: string | undefined): boolean {
  return next !== undefined && /^(?:[ \t]+\S|[\]}]|-[ \t])/.test(next);
}

/** A hash sign right before a word is a number or a hashtag; one followed by a space begins a comment. */
function withoutComment(value: string): string {
  if (/^["']/.test(value)) return value;
  let at = value.startsWith('# ') ? 0 : -1;
  if (at < 0) {
    const found = /[ \t]#(?=[ \t]|$)/.exec(value);
    at = found ? found.index : -1;
  }
  return (at < 0 ? value : value.slice(0, at)).trimEnd();
}

function isText(value: string): boolean {
  // `"Ada" <ada@example.org>`: the quotes are part of a longer text.
  if (/^["']/.test(value))
    return value.at(-1) !== value[0] && /^(?:"(?:[^"\\]|\\.)*"|'[^']*(?:''[^']*)*')[ \t]*[^#\s'"]/.test(value);
  if (/^[|>]/.test(value)) return !/^[|>][-+\d]{0,2}$/.test(value);
  if (/^\{[{%]/.test(value)) return true;
  if (value.startsWith('[')) return !value.endsWith(']');
  if (value.startsWith('{')) return !value.endsWith('}');
  return /^[@`%*&!#,\]}]|^[-?:](?:\s|$)|:(?:\s|$)|\s#/.test(value) && !value.startsWith('!!');
}

function isReference(value: string, anchors: ReadonlySet<string>, aliases: ReadonlySet<string>): boolean {
  const alias = /^\*([\w-]+)$/.exec(value)?.[1];
  if (alias !== undefined) return anchors.has(alias);
  const anchor = /^&([\w-]+)(?:\s|$)/.exec(value)?.[1];
  return anchor !== undefined && aliases.has(anchor);
}
