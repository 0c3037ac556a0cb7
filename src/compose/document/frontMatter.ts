import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument as parseYaml } from 'yaml';
import { type Finding, msg, type Text } from '../../shared/errors.ts';
import { isExtraHeaderName, isExtraHeaderValue } from '../../shared/extraHeaders.ts';
import type { FindingCode } from '../../shared/findingCodes.ts';
import type { Document, FrontMatter, Span } from './documentTypes.ts';
import { explainYaml, quoted } from './explainYaml.ts';
import { readWritten, restoreWritten } from './writtenValues.ts';

type KeyKind = 'headers' | 'string' | 'strings' | 'kind' | 'css' | 'colour' | 'leaveOut';

/** Envoi's own keys; every other key is a variable. Completion and hover read this too. */
export const frontMatterKeys: Record<keyof FrontMatter, KeyKind> = {
  subject: 'string',
  preheader: 'string',
  from: 'string',
  replyTo: 'string',
  toName: 'string',
  recipients: 'strings',
  layout: 'string',
  attachments: 'strings',
  text: 'string',
  list: 'string',
  kind: 'kind',
  lang: 'string',
  css: 'css',
  accent: 'colour',
  id: 'string',
  address: 'string',
  where: 'string',
  except: 'strings',
  encoding: 'string',
  sheet: 'string',
  leaveOut: 'leaveOut',
  headers: 'headers',
};

type Read = Pick<Document, 'frontMatter' | 'variables' | 'places' | 'broken'> & { findings: Finding[] };

/** Reads the YAML between the fences. `line` is the line of its first character in the file. */
export function readFrontMatter(source: string, line: number, file: string): Read {
  const read: Read = { frontMatter: {}, variables: {}, places: {}, broken: false, findings: [] };
  const counter = new LineCounter();
  const written = readWritten(source);
  const document = parseYaml(written.yaml, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    logLevel: 'error',
  });
  const span = (from: number, to: number): Span => {
    const a = counter.linePos(from);
    const b = counter.linePos(Math.max(from, to));
    return { line: a.line + line - 1, column: a.col, endLine: b.line + line - 1, endColumn: b.col };
  };
  const report: Report = (severity, code, text, place, key, data) =>
    read.findings.push({
      severity,
      code,
      text,
      place: { file, ...place, ...(key ? { key } : {}) },
      ...(data ? { data } : {}),
    });

  // Later errors are consequences of the first.
  const [error] = document.errors;
  if (error) {
    read.broken = true;
    const { text, from, to, data } = explainYaml(error, source);
    report('error', 'frontMatterYaml', text, span(from, to), undefined, data);
  }
  restoreWritten(document, written.values);
  for (const { key, from, to, whole } of written.comments) {
    if (!textKeys.has(key)) continue;
    const text = msg(
      'What follows the # is a comment and is not sent. If it is part of the value, put “{0}” in quotes.',
      key,
    );
    report('warning', 'frontMatterComment', text, span(from, to), key, { quoted: quoted(whole) });
  }
  const root = document.contents;
  if (root === null) return read;
  const rootSpan = span(root.range?.[0] ?? 0, root.range?.[1] ?? 0);
  if (!isMap(root)) {
    if (!error)
      report('error', 'frontMatterShape', msg('The front matter must be a list of “key: value” lines.'), rootSpan);
    read.broken = true;
    return read;
  }
  for (const pair of root.items) {
    const keyNode = pair.key as Node | null;
    if (!isScalar(keyNode) || !keyNode.range) continue;
    const key = String(keyNode.value);
    if (Object.hasOwn(read.places, key) && !read.broken) {
      read.broken = true;
      const text = msg('“{0}” appears twice. Remove one.', key);
      report('error', 'frontMatterYaml', text, span(keyNode.range[0], keyNode.range[1]));
    }
    const keySpan = span(keyNode.range[0], keyNode.range[1]);
    const node = pair.value as Node | null;
    const valueSpan = node?.range ? span(node.range[0], node.range[1]) : keySpan;
    read.places[key] = { key: keySpan, value: valueSpan };
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const range = (item as Node | null)?.range;
        const itemSpan = range ? span(range[0], range[1]) : valueSpan;
        read.places[`${key}[${index}]`] = { key: keySpan, value: itemSpan };
      }
    }
    const value = toPlain(node, document);
    const own = node?.range ? source.slice(node.range[0], node.range[1]).trim() : '';
    if (Object.hasOwn(frontMatterKeys, key)) take(read, key as keyof FrontMatter, value, valueSpan, report, own);
    else if (key !== '__proto__') {
      warnMisspelt(key, keySpan, report);
      read.variables[key] = value;
    }
  }
  return read;
}

type Report = (
  severity: Finding['severity'],
  code: FindingCode,
  text: Text,
  place: Span,
  key?: string,
  data?: Record<string, string>,
) => void;

/** Keys whose value readers see. */
const textKeys: ReadonlySet<string> = new Set(['subject', 'preheader', 'toName']);

function toPlain(node: Node | null, document: ReturnType<typeof parseYaml>): unknown {
  try {
    // A bound on aliases keeps a "billion laughs" document from growing.
    const value: unknown = node?.toJS(document, { maxAliasCount: 100 }) ?? null;
    return value instanceof Date ? value.toISOString() : value;
  } catch {
    return null;
  }
}

function take(
  read: Read,
  key: keyof FrontMatter,
  value: unknown,
  place: Span,
  report: Report,
  written: string,
): undefined {
  if (value === null || value === '') return;
  const kind = frontMatterKeys[key];
  const target = read.frontMatter as Record<string, unknown>;
  const wrong = (text: Text) => report('error', 'frontMatterValue', text, place, key);
  switch (kind) {
    case 'string':
      if (typeof value === 'string') target[key] = value;
      else if (typeof value === 'number' || typeof value === 'boolean') target[key] = written;
      else
        report(
          'error',
          'frontMatterType',
          msg('“{0}” must be a string. Put it in quotes.', key),
          place,
          key,
          written.includes('\n') ? undefined : { quoted: quoted(written) },
        );
      return;
    case 'strings':
      if (typeof value === 'string') target[key] = [value];
      else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) target[key] = value;
      else report('error', 'frontMatterType', msg('“{0}” must be a path or a list of paths.', key), place, key);
      return;
    case 'kind':
      if (value === 'newsletter' || value === 'internal') target[key] = value;
      else wrong(msg('“{0}” must be newsletter or internal.', key));
      return;
    case 'css':
      if (value === 'inline' || value === 'keep') target[key] = value;
      else wrong(msg('“{0}” must be inline or keep.', key));
      return;
    case 'colour':
      if (typeof value === 'string' && /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value)) target[key] = value;
      else wrong(msg('“{0}” must be a color such as "#1f6feb", in quotes.', key));
      return;
    case 'leaveOut': {
      const columns = leaveOutOf(value);
      if (columns) target[key] = columns;
      else
        wrong(
          msg(
            '“{0}” must map columns of the list to “ignore” or to values, such as {1}',
            key,
            'Status: [unsubscribed]',
          ),
        );
      return;
    }
    case 'headers': {
      const headers = headersOf(value);
      if (headers) target[key] = headers;
      else
        wrong(
          msg(
            '“{0}” must contain header fields such as {1}, each on one line of plain text.',
            key,
            'X-PM-Message-Stream: broadcast',
          ),
        );
      return;
    }
    default:
      return kind satisfies never;
  }
}

function headersOf(value: unknown): Record<string, string> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const headers = Object.entries(value).map(([name, text]) => [name, String(text)] as const);
  const safe = headers.every(([name, text]) => isExtraHeaderName(name) && isExtraHeaderValue(text));
  return safe ? Object.fromEntries(headers) : null;
}

/** A column with nothing, `ignore` or `false` is not about consent; one value may stand without brackets. */
function leaveOutOf(value: unknown): FrontMatter['leaveOut'] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const columns: Record<string, 'ignore' | readonly string[]> = {};
  for (const [column, said] of Object.entries(value)) {
    const values: unknown[] = Array.isArray(said) ? said : [said];
    if (said === null || said === false || said === 'ignore' || values.length === 0) columns[column] = 'ignore';
    else if (values.every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item)))
      columns[column] = values.map((item) => (item === null ? '' : String(item)));
    else return null;
  }
  return columns;
}

/** `Reply-To`, `reply_to` or `Subject` are almost certainly Envoi's keys in another spelling. */
function warnMisspelt(key: string, place: Span, report: Report): void {
  const bare = key.toLowerCase().replace(/[-_ ]/g, '');
  const meant = Object.keys(frontMatterKeys).find((name) => name.toLowerCase() === bare);
  if (meant)
    report(
      'warning',
      'frontMatterSpelling',
      msg('“{0}” is read as a variable. Did you mean “{1}”?', key, meant),
      place,
      key,
    );
}
