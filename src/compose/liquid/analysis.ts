import { type StaticAnalysis, type Template, Tokenizer, TokenKind } from 'liquidjs';
import { nearest } from '../../shared/editDistance.ts';
import { type Finding, msg, type Place } from '../../shared/errors.ts';
import { type Dialect, liquidEngine, parseLiquid } from './engine.ts';
import { fieldName } from './fieldName.ts';
import './positions.ts';

/** Where a template's first character is, so that places in it can be reported. */
export interface Origin {
  file: string;
  line: number;
  column: number;
  key?: string;
}

/** Values every message has, whatever the list: they take precedence over a column of the same name. */
export const reservedNames = ['unsubscribe_url', 'postal_address', 'subject', 'preheader', 'token'] as const;
/** Values every message has unless a column or a variable has that name. */
export const givenNames = ['address', 'email', 'campaign', 'from_name', 'from_address'] as const;

export interface Analysis {
  /** Names as written, of all values the template uses. */
  names: string[];
  findings: Finding[];
  ok: boolean;
}

/** Checks a template's syntax and its names; `known` holds normalised names, null when no list is known yet. */
export function analyzeLiquid(
  source: string,
  dialect: Dialect,
  origin: Origin,
  known: ReadonlySet<string> | null,
): Analysis {
  const text = source.replace(/\r\n?/g, '\n');
  let analysis: StaticAnalysis;
  try {
    const templates: Template[] = parseLiquid(text, dialect);
    analysis = liquidEngine(dialect).analyzeSync(templates, { partials: false });
  } catch (error) {
    return { names: [], findings: [syntaxFinding(error, origin)], ok: false };
  }
  const findings: Finding[] = [];
  const names = Object.keys(analysis.globals).map((name) => name);
  for (const uses of Object.values(analysis.globals)) {
    for (const use of uses) {
      const name = String(use.segments[0]);
      if (known === null || isKnown(name, known)) continue;
      findings.push(unknownField(name, locate(origin, use.location.row, use.location.col, name.length), known));
    }
  }
  return { names: [...new Set(names.concat(rootNames(analysis)))], findings, ok: true };
}

function rootNames(analysis: StaticAnalysis): string[] {
  return Object.values(analysis.globals).flatMap((uses) => uses.map((use) => String(use.segments[0])));
}

function isKnown(name: string, known: ReadonlySet<string>): boolean {
  const plain = fieldName(name);
  return (
    known.has(plain) ||
    known.has(name) ||
    (reservedNames as readonly string[]).includes(plain) ||
    (givenNames as readonly string[]).includes(plain)
  );
}

function unknownField(name: string, place: Place, known: ReadonlySet<string>): Finding {
  const suggestion = nearest(fieldName(name), known);
  return {
    severity: 'error',
    code: 'unknownField',
    text: suggestion
      ? msg('The list has no column “{0}”. Did you mean “{1}”?', name, suggestion)
      : msg('The list has no column “{0}”, and the front matter does not set it.', name),
    place,
    data: { field: name, ...(suggestion ? { suggestion } : {}) },
  };
}

function locate(origin: Origin, row: number, column: number, length: number): Place {
  const first = row === 1 ? origin.column - 1 : 0;
  const line = origin.line + row - 1;
  return {
    file: origin.file,
    line,
    column: column + first,
    endLine: line,
    endColumn: column + first + length,
    ...(origin.key ? { key: origin.key } : {}),
  };
}

interface LiquidFailure {
  message: string;
  token?: { getPosition(): [number, number]; begin: number; end: number };
}

export function syntaxFinding(error: unknown, origin: Origin): Finding {
  const failure = error as LiquidFailure;
  const [row, column] = failure.token?.getPosition() ?? [1, 1];
  const length = failure.token ? Math.max(1, failure.token.end - failure.token.begin) : 1;
  const message = String(failure.message ?? error)
    .replace(/, line:\d+, col:\d+$/, '')
    .replace(/, file:.*$/, '');
  return {
    severity: 'error',
    code: 'liquidSyntax',
    text: syntaxText(message),
    place: locate(origin, row, column, length),
  };
}

function syntaxText(message: string) {
  const tag = /^tag "?([^"]*?)"? not found/.exec(message)?.[1];
  if (tag?.startsWith('end') || tag === 'else' || tag === 'elsif') return msg('“{0}” does not close anything.', tag);
  if (tag) return msg('There is no Liquid tag “{0}” here.', tag);
  const open = /^tag (\{%.*%\}) not closed/s.exec(message)?.[1];
  if (open) return msg('{0} is never closed.', open);
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter) return msg('There is no Liquid filter “{0}”.', filter);
  const output = /^(?:output|tag) "(.*)" not closed/s.exec(message)?.[1];
  if (output) return msg('Liquid opened here is never closed: {0}', output.slice(0, 40));
  return msg('This is not valid Liquid: {0}', message);
}

/** Whether a template holds any Liquid. A broken one counts as such. */
export function hasLiquid(source: string): boolean {
  try {
    return new Tokenizer(source).readTopLevelTokens().some(({ kind }) => kind !== TokenKind.HTML);
  } catch {
    return true;
  }
}
