import type { Compiled, CompileRequest } from '../compose/compileNewsletter.ts';
import { type Document, parseDocument } from '../compose/document/document.ts';
import { placeOfBody } from '../compose/document/places.ts';
import type { Files } from '../compose/files.ts';
import { columnsOf } from '../compose/recipients/columns.ts';
import { fileOf } from '../compose/recipients/eachList.ts';
import { type Finding, msg, UserError } from '../shared/errors.ts';
import type { KeyFile } from '../shared/readKeyFile.ts';
import type { Recipient } from '../shared/recipient.ts';
import type { Settings } from '../shared/settings.ts';
import { checkList } from './checks/checkList.ts';
import { checkMustHaves } from './checks/checkNewsletter.ts';
import { checkDkimKey } from './checks/dkimKey.ts';
import { listAdvice } from './checks/listAdvice.ts';
import { listFinding, nobodyLeft, recipientsMissing } from './checks/listFindings.ts';
import type { Letter, LetterList, Purpose } from './letter.ts';
import { withoutMarks } from './lineMarks.ts';
import { type ListRules, listRules } from './listRules.ts';
import { type Maker, makeHere } from './maker.ts';
import { checkRowFiles } from './rowFiles.ts';

/** What a front door supplies. Otherwise the editor and the command line read a letter in the same way. */
export interface LetterSource<List extends LetterList> {
  text: string;
  /** The document's name; its ending decides between Markdown and HTML. */
  path: string;
  settings: { settings: Settings; findings: readonly Finding[] };
  /** The files beside the document. */
  files: Files;
  /** How findings name the document itself (its `path`), or a file beside it. */
  nameOf(file: string): string;
  /** Reads the list; null when none is named. Rejects with UserErrors: see `listErrors.ts`. */
  list(document: Document, rules: ListRules): Promise<List | null>;
  /** Its rows again, to check the files that they name: at a check and before sending, not at each keystroke. */
  rows?(list: List): AsyncIterable<{ rows: readonly Recipient[] }>;
  /** What a key file of `envoi.dkim` contains. */
  readKeyFile?(file: string): Promise<KeyFile>;
  /** A condition on rows instead of the document's own. */
  where?: string | undefined;
  purpose: Purpose;
  /** Where the expensive part runs; in this thread when absent. */
  maker?: Maker;
  /** Blocks of Markdown carry `data-line`: for the preview, never for mail. */
  lines?: boolean;
}

/** Reads everything and reports all that is wrong: never throws because of the document's content. */
export async function readLetter<List extends LetterList>(source: LetterSource<List>): Promise<Letter<List>> {
  const { settings } = source.settings;
  const document = parseDocument(source.text, source.path);
  const placed = (finding: Finding): Finding => ({
    ...finding,
    place: { ...finding.place, file: source.nameOf(finding.place.file) },
  });
  const { list, findings: fromList } = await openList(source, document);
  const request: CompileRequest = {
    document,
    settings,
    files: source.files,
    ...(list?.profile
      ? {
          fields: list.profile.fields.flatMap(({ name, title }) => [name, title]),
          columns: columnsOf(list.profile),
        }
      : {}),
  };
  const lines = source.lines === true && document.format === 'markdown';
  const maker = source.maker ?? makeHere;
  const { newsletter, assets, findings, weight } = await inTime(maker.compile({ ...request, lines }), document);
  // Findings must not depend on the front door: marks for scrolling are not part of the letter.
  const sent = newsletter && lines ? { ...newsletter, html: withoutMarks(newsletter.html) } : newsletter;
  const checked = { document, newsletter: sent, settings, ...(list?.profile ? { list: list.profile } : {}) };
  const keys = source.readKeyFile ? await checkDkimKey(checked, source.readKeyFile) : [];
  const fromDocument = [...document.findings, ...checkMustHaves(checked), ...keys, ...findings];
  const profile = list?.profile;
  const fileOfRow = (row: { list?: number }) => (profile ? fileOf(profile, row) : '');
  const fromRows =
    newsletter && list && profile && source.rows
      ? await checkRowFiles({
          newsletter,
          files: source.files,
          fileOf: fileOfRow,
          rows: source.rows(list),
          weight,
        })
      : [];
  let advice: Promise<readonly Finding[]> | undefined;
  return {
    document,
    settings,
    list,
    newsletter,
    assets,
    found: { settings: source.settings.findings, list: [...fromList, ...fromRows], document: fromDocument.map(placed) },
    advice() {
      // `tooSlow` was reported when the letter was compiled.
      advice ??= maker.advise(checked).then(
        (found) => found.map(placed),
        (error: unknown) => (isTooSlow(error) ? [] : Promise.reject(error)),
      );
      return advice;
    },
    compile: (changes) => maker.compile({ ...request, ...changes }),
  };
}

/** `tooSlow` becomes a finding like any other. */
async function inTime(compiling: Promise<Compiled>, document: Document): Promise<Compiled> {
  try {
    return await compiling;
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    const text = msg('{0} {1}', error.what, error.remedy);
    return {
      newsletter: null,
      assets: [],
      weight: 0,
      findings: [{ severity: 'error', code: 'tooSlow', text, place: placeOfBody(document) }],
    };
  }
}

function isTooSlow(error: unknown): error is UserError {
  return error instanceof UserError && error.code === 'tooSlow';
}

async function openList<List extends LetterList>(
  { list: open, nameOf, purpose, settings, where }: LetterSource<List>,
  document: Document,
): Promise<{ list: List | null; findings: readonly Finding[] }> {
  let list: List | null;
  try {
    list = await open(document, listRules(document, nameOf, where ?? document.frontMatter.where));
  } catch (error) {
    return { list: null, findings: [listFinding(error, document, nameOf)] };
  }
  if (list) {
    const advice = listAdvice(list, document, nameOf, where);
    return { list, findings: purpose === 'test' ? advice : [...advice, ...nobodyLeft(list)] };
  }
  return { list, findings: document.broken ? [] : recipientsMissing(purpose, document, settings.settings, nameOf) };
}

/** All that was found, the refused rows of the list apart. */
export async function findingsOf({ found, advice }: Letter): Promise<Finding[]> {
  return [...found.settings, ...found.list, ...found.document, ...(await advice())];
}

/** The refused rows of its lists, each at its line. */
export function rowFindings({ list }: Letter): Finding[] {
  const profile = list?.profile;
  return profile ? checkList(profile.refusals, (row) => fileOf(profile, row)) : [];
}
