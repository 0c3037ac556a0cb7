import { extname } from 'node:path/posix';
import { type Finding, msg } from '../../shared/errors.ts';
import type { Document, FrontMatter, Span } from './documentTypes.ts';
import { readFrontMatter } from './frontMatter.ts';

export type { Document, FrontMatter, Span };

const FENCE = /^---[ \t]*\r?\n/;
const FENCE_END = /^(?:---|\.\.\.)[ \t]*$/m;
const COMMENT_OPEN = /^\s*<!--[ \t]*(?:\r?\n[ \t]*)?---[ \t]*\r?\n/;

/** Parses a document. Never throws: what is wrong with it is in `findings`, with its place. */
export function parseDocument(text: string, path: string): Document {
  const isMjml = /^\.mjml$/i.test(extname(path)) || /^\s*<mjml[\s>]/i.test(text);
  const format = /^\.html?$/i.test(extname(path)) ? 'html' : 'markdown';
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const block = findBlock(text.slice(start), format);
  const findings: Finding[] = [];
  const base = { path, format, text, findings } as const;
  if (isMjml) {
    findings.push({
      severity: 'error',
      code: 'mjml',
      text: msg(
        'MJML cannot be sent as is. Export it as HTML, with “mjml letter.mjml -o letter.html” or the MJML extension’s “Export HTML”, and send that file.',
      ),
      place: { file: path, line: 1, column: 1 },
    });
    return {
      ...base,
      frontMatter: {},
      variables: {},
      places: {},
      hasFrontMatter: false,
      broken: true,
      body: '',
      bodyLine: 1,
    };
  }
  if (block.kind === 'none') {
    return {
      ...base,
      frontMatter: {},
      variables: {},
      places: {},
      hasFrontMatter: false,
      broken: false,
      body: text.slice(start),
      bodyLine: 1,
    };
  }
  if (block.kind === 'unclosed') {
    findings.push({
      severity: 'error',
      code: 'frontMatterUnclosed',
      text: msg('The front matter that begins here has no closing line.'),
      place: { file: path, line: block.line, column: 1, endLine: block.line, endColumn: 4 },
    });
    return {
      ...base,
      frontMatter: {},
      variables: {},
      places: {},
      hasFrontMatter: true,
      broken: true,
      body: '',
      bodyLine: 1,
    };
  }
  const read = readFrontMatter(block.yaml, block.yamlLine, path);
  findings.push(...read.findings);
  return {
    ...base,
    frontMatter: read.frontMatter,
    variables: read.variables,
    places: read.places,
    hasFrontMatter: true,
    broken: read.broken,
    body: block.body,
    bodyLine: block.bodyLine,
  };
}

type Block =
  | { kind: 'none' }
  | { kind: 'unclosed'; line: number }
  | { kind: 'block'; yaml: string; yamlLine: number; body: string; bodyLine: number };

function findBlock(text: string, format: 'markdown' | 'html'): Block {
  const open = FENCE.exec(text) ?? (format === 'html' ? COMMENT_OPEN.exec(text) : null);
  if (!open) return { kind: 'none' };
  const inComment = open[0].includes('<!--');
  const yamlStart = open[0].length;
  const rest = text.slice(yamlStart);
  const close = (inComment ? /^[ \t]*(?:---|\.\.\.)[ \t]*(?:\r?\n[ \t]*)?-->/m : FENCE_END).exec(rest);
  if (!close) return { kind: 'unclosed', line: countLines(text.slice(0, yamlStart)) - 1 };
  const afterClose = rest.slice(close.index + close[0].length);
  const newline = /^[ \t]*\r?\n/.exec(afterClose)?.[0] ?? '';
  const bodyStart = yamlStart + close.index + close[0].length + newline.length;
  return {
    kind: 'block',
    yaml: rest.slice(0, close.index),
    yamlLine: countLines(text.slice(0, yamlStart)),
    body: text.slice(bodyStart),
    bodyLine: countLines(text.slice(0, bodyStart)),
  };
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
