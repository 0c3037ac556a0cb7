import { type Finding, msg, type Place, type Text, UserError } from '../../shared/errors.ts';
import type { FindingCode } from '../../shared/findingCodes.ts';
import { decodeLetter } from '../document/decodeLetter.ts';
import type { Document } from '../document/document.ts';
import { linesOf, placeOfKey } from '../document/places.ts';
import { type Files, relativePath } from '../files.ts';
import { type Analysis, analyzeLiquid, type Origin } from '../liquid/analysis.ts';
import type { Dialect } from '../liquid/engine.ts';
import { fieldName } from '../liquid/fieldName.ts';
import { HEAVY_MEGABYTES, onTheWire } from './weight.ts';

/** The findings and names collected while compiling one document. */
export class Compilation {
  readonly document: Document;
  readonly files: Files;
  readonly findings: Finding[] = [];
  /** Every file to pin. */
  readonly assets = new Set<string>();
  /** Normalised names of columns and variables; null when no list is known. */
  readonly known: ReadonlySet<string> | null;
  /** Bytes of the files in each message, encoded. */
  weight = 0;
  /** False once some Liquid is broken: there is nothing to show then. */
  ok = true;

  constructor(document: Document, files: Files, fields: readonly string[] | undefined) {
    this.document = document;
    this.files = files;
    this.known = fields ? new Set([...fields, ...Object.keys(document.variables)].map(fieldName)) : null;
  }

  report(
    severity: Finding['severity'],
    code: FindingCode,
    text: Text,
    place: Place,
    data?: Record<string, string>,
  ): void {
    this.findings.push({ severity, code, text, place, ...(data ? { data } : {}) });
  }

  /** Checks a template of the letter: its syntax, and its names against list and front matter. */
  check(source: string, dialect: Dialect, origin: Origin): Analysis {
    return this.#take(source, dialect, origin, this.known);
  }

  checkKey(key: string, source: string): void {
    this.check(source, 'text', originOf(this.document, key));
  }

  /** A setting's names may belong to another letter's list: only its syntax is checked. */
  checkSetting(key: string, source: string): void {
    this.#take(source, 'url', { file: this.document.path, line: 1, column: 1, key }, null);
  }

  #take(source: string, dialect: Dialect, origin: Origin, known: ReadonlySet<string> | null): Analysis {
    const analysis = analyzeLiquid(source, dialect, origin, known);
    this.findings.push(...analysis.findings);
    this.ok &&= analysis.ok;
    return analysis;
  }

  weigh({ length }: { length: number }): void {
    this.weight += onTheWire(length);
  }

  /** Reports a message too large for large providers. */
  checkWeight(text: number): void {
    this.weight += text;
    const megabytes = this.weight / 1_000_000;
    if (megabytes < HEAVY_MEGABYTES) return;
    this.report(
      'warning',
      'messageHeavy',
      msg(
        'Each message is {0} MB. Gmail accepts 25 MB, Microsoft often 20, many others 10: put large files on the web and link to them.',
        Math.round(megabytes),
      ),
      placeOfKey(this.document, 'attachments'),
    );
  }

  /** A file that the front matter names; null when it is missing, which is reported. */
  async readText(key: 'layout' | 'text', written: string): Promise<string | null> {
    const place = placeOfKey(this.document, key);
    const path = relativePath(written);
    try {
      if (path !== undefined) return decodeLetter(await this.files.read(path)).replace(/^\ufeff/, '');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code !== 'outside') {
        this.report('error', `${key}Missing`, msg('The file {0} does not exist.', written), place);
        return null;
      }
    }
    const text = msg('The file {0} must be in the document’s folder or below it.', written);
    this.report('error', `${key}Outside`, text, place);
    return null;
  }
}

/** The first character of a front-matter value, after an opening quote. */
function originOf(document: Document, key: string): Origin {
  const span = document.places[key]?.value;
  if (!span) return { file: document.path, line: 1, column: 1, key };
  const quoted = /["']/.test(document.text[linesOf(document).startOf(span.line) + span.column - 1] ?? '');
  return { file: document.path, line: span.line, column: span.column + (quoted ? 1 : 0), key };
}
