import { repositoryFiles, text } from './sources.ts';

export interface Sentence {
  template: string;
  path: string;
  line: number;
}

export interface Sentences {
  found: Sentence[];
  /** Calls whose first argument is not a literal, so that no translation can be checked. */
  opaque: string[];
}

const CALL = /(?:\bmsg|\bl10n\.t|(?<!\.)\btranslate|(?<!function )\bplural)\(\s*/g;
const LITERAL = /(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.)*`)\s*[,)]/y;
/** Where sentences made elsewhere are handed to the translator, and where the makers are declared. */
const PASSES_ON = /(?:\w+\.)*(?:text|template|what|remedy|sentence|words?)\b|template: string|key: string/y;

/** Every sentence the code says to a person: the first argument of `msg` and of `vscode.l10n.t`. */
export function sentences(): Sentences {
  const all: Sentences = { found: [], opaque: [] };
  const modules = repositoryFiles().filter((path) => /^(src|media)\/.*\.ts$/.test(path));
  for (const path of modules) {
    const source = text(path);
    for (const call of source.matchAll(CALL)) {
      const at = call.index + call[0].length;
      const line = source.slice(0, call.index).split('\n').length;
      LITERAL.lastIndex = at;
      const literal = LITERAL.exec(source)?.[0];
      if (literal) {
        all.found.push({ template: unquote(literal.replace(/\s*[,)]$/, '')), path, line });
        if (call[0].startsWith('plural')) {
          const other = /\s*/y;
          other.lastIndex = LITERAL.lastIndex;
          other.exec(source);
          LITERAL.lastIndex = other.lastIndex;
          const many = LITERAL.exec(source)?.[0];
          if (many) all.found.push({ template: unquote(many.replace(/\s*[,)]$/, '')), path, line });
          else all.opaque.push(`${path}:${line} plural without a literal`);
        }
        continue;
      }
      PASSES_ON.lastIndex = at;
      if (!PASSES_ON.test(source))
        all.opaque.push(`${path}:${line} ${source.slice(call.index, at + 40).split('\n')[0]}`);
    }
  }
  return all;
}

/** The value of a literal without interpolation. */
function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|n|(.))/gs, (whole, braced, four, plain) =>
      whole === '\\n' ? '\n' : braced || four ? String.fromCodePoint(Number.parseInt(braced ?? four, 16)) : plain,
    );
}

/** `{0}`, `{1}` … in order, each once. */
export const slots = (template: string): string => [...new Set(template.match(/\{\d+\}/g) ?? [])].sort().join(' ');
