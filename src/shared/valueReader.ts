import { nearest } from './editDistance.ts';
import { type Finding, msg, type Text } from './errors.ts';
import type { FindingCode } from './findingCodes.ts';

export type KeyPath = readonly (string | number)[];

export interface Where {
  /** The settings file as its reader knows it. */
  file: string;
  /** Line of a key, from 1; undefined when it is not known. */
  lineOf?: (path: KeyPath) => number | undefined;
}

/** Beyond any address, name or URL; what reads them need not be quick with longer ones. */
const LONGEST_TEXT = 10_000;

/** Reads values out of parsed JSON. A wrong one is reported with its key and what is allowed; the default stands in. */
export class ValueReader {
  readonly findings: Finding[] = [];
  readonly #where: Where;

  constructor(where: Where) {
    this.#where = where;
  }

  report(
    severity: Finding['severity'],
    code: FindingCode,
    path: KeyPath,
    text: Text,
    data?: Record<string, string>,
  ): void {
    const line = this.#where.lineOf?.(path);
    const place = { file: this.#where.file, key: keyText(path), ...(line ? { line } : {}) };
    this.findings.push({ severity, code, text, place, ...(data ? { data } : {}) });
  }

  wrong(path: KeyPath, allowed: Text, value: unknown): void {
    const shown = JSON.stringify(value)?.slice(0, 60) ?? 'undefined';
    this.report('error', 'wrongValue', path, msg('{0} is {1}; expected {2}.', keyText(path), shown, allowed));
  }

  text(path: KeyPath, value: unknown, fallback: string): string {
    if (value === undefined) return fallback;
    if (typeof value === 'string' && value.length > LONGEST_TEXT) {
      this.wrong(path, msg('a string of at most {0} characters', LONGEST_TEXT), `${value.slice(0, 20)}…`);
      return fallback;
    }
    if (typeof value === 'string' && !/[\u0000-\u0008\u000b-\u001f]/.test(value)) return value;
    this.wrong(path, typeof value === 'string' ? msg('a string without control characters') : msg('a string'), value);
    return fallback;
  }

  whole(path: KeyPath, value: unknown, fallback: number, from: number, to: number): number {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    this.wrong(path, msg('a whole number from {0} to {1}', from, to), value);
    return fallback;
  }

  oneOf<T extends string>(path: KeyPath, value: unknown, fallback: T, allowed: readonly T[]): T {
    if (value === undefined) return fallback;
    const found = allowed.find((item) => item === value);
    if (found !== undefined) return found;
    this.wrong(path, msg('one of {0}', allowed.map((item) => `"${item}"`).join(', ')), value);
    return fallback;
  }

  texts(path: KeyPath, value: unknown, fallback: readonly string[]): readonly string[] {
    if (value === undefined) return fallback;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.wrong(path, msg('a list of strings, such as {0}', '["…"]'), value);
    return fallback;
  }

  /** A list of texts in which a list of texts may stand for one of them. */
  groups(path: KeyPath, value: unknown, fallback: readonly string[]): readonly (string | readonly string[])[] {
    if (value === undefined) return fallback;
    const isText = (item: unknown) => typeof item === 'string';
    const isGroup = (item: unknown) => Array.isArray(item) && item.length > 0 && item.every(isText);
    if (Array.isArray(value) && value.every((item) => isText(item) || isGroup(item))) return value;
    this.wrong(path, msg('a list of strings, such as {0}', '["…"]'), value);
    return fallback;
  }

  /** The value as an object; unknown keys are reported with the nearest known one. */
  object(path: KeyPath, value: unknown, known?: readonly string[]): Record<string, unknown> {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.wrong(path, msg('an object such as {0}', '{ … }'), value);
      return {};
    }
    const object = value as Record<string, unknown>;
    if (known) for (const key of Object.keys(object)) this.#known([...path, key], key, known);
    return object;
  }

  unknownKey(path: KeyPath, key: string, known: readonly string[]): void {
    const near = nearest(key, known);
    const text = near
      ? msg('{0} is not an Envoi setting. Did you mean {1}?', keyText(path), near)
      : msg('{0} is not an Envoi setting. Known here: {1}.', keyText(path), known.join(', '));
    this.report('error', 'unknownSetting', path, text, near ? { suggestion: near } : undefined);
  }

  #known(path: KeyPath, key: string, known: readonly string[]): void {
    if (!known.includes(key)) this.unknownKey(path, key, known);
  }
}

export function keyText(path: KeyPath): string {
  return path.join('.');
}
