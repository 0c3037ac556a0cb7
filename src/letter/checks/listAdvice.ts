import type { Document } from '../../compose/document/document.ts';
import { placeOfKey } from '../../compose/document/places.ts';
import { analyzeLiquid } from '../../compose/liquid/analysis.ts';
import { fieldName } from '../../compose/liquid/fieldName.ts';
import { asTag } from '../../compose/recipients/condition.ts';
import { fileOf, listsOf } from '../../compose/recipients/eachList.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import type { StatusQuestion } from '../../compose/recipients/status/statusReader.ts';
import { type Finding, msg, type Place, type Text } from '../../shared/errors.ts';
import type { StatusReason } from '../../shared/statusReasons.ts';
import { plural } from '../../shared/words.ts';
import type { LetterList } from '../letter.ts';
import { addressAdvice } from './addressAdvice.ts';
import { hintFinding, sharedAddresses } from './oddAddresses.ts';

type NameOf = (file: string) => string;

/** What the author must decide, or should know, about a list before anything is sent. */
export function listAdvice({ profile }: LetterList, document: Document, nameOf: NameOf, where?: string): Finding[] {
  if (!profile) return [];
  const lists = listsOf(profile);
  return [
    ...lists.flatMap((list, at) => {
      const named = namedAt(document, nameOf, at);
      return [...list.questions.map((question) => statusQuestion(question, named)), ...addressAdvice(list, named)];
    }),
    ...unknownColumns(profile, document, nameOf),
    ...conditionFindings(profile, document, nameOf, where),
    ...takenKeys(profile, document, nameOf),
    ...profile.hints.map((row) => hintFinding(row, fileOf(profile, row))),
    ...sharedAddresses(profile, lists),
    ...lists.flatMap((list, at) => fileAdvice(list, namedAt(document, nameOf, at))),
  ];
}

/** Where the letter names this list. */
function namedAt(document: Document, nameOf: NameOf, at: number): Place {
  const key = document.places[`recipients[${at}]`] ? `recipients[${at}]` : 'recipients';
  return { ...placeOfKey(document, key), file: nameOf(document.path), key: 'recipients' };
}

/** How a list was read, and invisible characters in its header. */
function fileAdvice(list: ListProfile, named: Place): Finding[] {
  const place = { file: list.file, line: list.header.line, column: 1 };
  return [
    ...textAdvice(list, named, place),
    ...list.header.invisible.map(
      ({ title, character }): Finding => ({
        severity: 'warning',
        code: 'invisibleCharacter',
        text: msg('The column “{0}” has an invisible character in its name ({1}), which is ignored.', title, character),
        place,
      }),
    ),
  ];
}

/** Until the author says what it means, nothing is sent: somebody may have unsubscribed. */
function statusQuestion({ column, values, line }: StatusQuestion, place: Place): Finding {
  const shown = values.slice(0, 6).map(({ value, count, reason }) => {
    const cell = value === '' ? msg('an empty cell') : msg('“{0}”', value);
    return msg('{0} ({1}: {2})', cell, count, meaning(reason));
  });
  const list = shown.reduce((all, one) => msg('{0}, {1}', all, one));
  const names = values.map(({ value }) => JSON.stringify(value)).join(', ');
  return {
    severity: 'error',
    code: 'statusUnclear',
    text: msg(
      'The column “{0}” may say who must not get mail: {1}; first on line {2}. Say what it means: “leaveOut: { {3}: [{4}] }” leaves these rows out, “leaveOut: { {3}: ignore }” ignores the column.',
      column,
      list,
      line,
      JSON.stringify(column),
      names,
    ),
    place,
    data: { column, values: JSON.stringify(values.map(({ value }) => value)) },
  };
}

/** What a word of a list seems to mean. */
export function meaning(reason: StatusReason): Text {
  switch (reason) {
    case 'unsubscribed':
      return msg('has unsubscribed?');
    case 'complained':
      return msg('has complained?');
    case 'bounced':
    case 'cleaned':
      return msg('does not receive mail?');
    case 'blocked':
      return msg('is blocked?');
    case 'deleted':
      return msg('was deleted?');
    case 'refunded':
      return msg('was refunded?');
    case 'pending':
      return msg('has not confirmed?');
    case 'notSubscribed':
      return msg('has not subscribed?');
    case 'statusLeftOut':
      return msg('unknown');
    default:
      return reason satisfies never;
  }
}

/** A column under `leaveOut` that the list does not have: a slip there would mail those who are to be left out. */
function unknownColumns({ header, file: _ }: ListProfile, document: Document, nameOf: NameOf): Finding[] {
  const missing = header.unknownColumns;
  return missing.map((column) => ({
    severity: 'error',
    code: 'leaveOutColumn',
    text: msg('“leaveOut” names the column “{0}”, which the list does not have.', column),
    place: { ...placeOfKey(document, 'leaveOut'), file: nameOf(document.path), key: 'leaveOut' },
  }));
}

/** Keys that were variables before they were Envoi's: a letter that shows one as a value means the variable. */
const newKeys = ['where', 'except', 'id', 'address', 'encoding', 'sheet', 'leaveOut'] as const;

function takenKeys({ fields }: ListProfile, document: Document, nameOf: NameOf): Finding[] {
  const shown = new Set(
    [...document.body.matchAll(/\{\{-?\s*([\p{L}_][\p{L}\p{N}_-]*)/gu)].map(([, name]) => name ?? ''),
  );
  return newKeys.flatMap((key): Finding[] => {
    const given = key === 'address' ? document.frontMatter.address : document.frontMatter[key];
    if (given === undefined || !shown.has(key) || fields.some(({ name }) => name === fieldName(key))) return [];
    return [
      {
        severity: 'error',
        code: 'keyTaken',
        text: msg(
          '“{0}” is now a setting for the list, and the letter uses it as a value. Give the value another name.',
          key,
        ),
        place: { ...placeOfKey(document, key), file: nameOf(document.path), key },
      },
    ];
  });
}

/** How the list was read, where it may have been meant otherwise. */
function textAdvice({ text }: ListProfile, named: Place, list: Place): Finding[] {
  const { encoding, guessed, example, repaired, otherSheets } = text;
  const findings: Finding[] = [];
  if (guessed)
    findings.push({
      severity: 'warning',
      code: 'encodingGuessed',
      text: msg(
        'The list is not UTF-8; it was read as {0}: “{1}”. If that is wrong, set “encoding:” in the front matter.',
        encoding,
        example,
      ),
      place: named,
      data: { encoding },
    });
  if (repaired.count > 0)
    findings.push({
      severity: 'warning',
      code: 'encodingMixed',
      text: plural(
        '{0} line of the list is not UTF-8 like the others, and was read as Windows-1252 (line {1}).',
        '{0} lines of the list are not UTF-8 like the others, and were read as Windows-1252 (lines {1}).',
        repaired.count,
        repaired.lines.join(', ') + (repaired.count > repaired.lines.length ? ', …' : ''),
      ),
      place: { ...list, line: repaired.lines[0] ?? 1 },
    });
  if (otherSheets && otherSheets.length > 0)
    findings.push({
      severity: 'warning',
      code: 'otherSheets',
      text: msg(
        'The list is read from the sheet “{0}”; there are addresses on “{1}” too. To be sure, set “sheet:” to the one you mean.',
        text.sheet ?? '',
        otherSheets.join('”, “'),
      ),
      place: named,
    });
  return findings;
}

/** What is wrong with `where`: its Liquid, or a column that the list does not have. */
function conditionFindings({ fields }: ListProfile, document: Document, nameOf: NameOf, given?: string): Finding[] {
  const source = given ?? document.frontMatter.where;
  if (source === undefined) return [];
  const place = given === undefined ? placeOfKey(document, 'where') : { file: document.path };
  const known = new Set([
    ...fields.map(({ name }) => name),
    ...Object.keys(document.variables).map((name) => fieldName(name)),
  ]);
  const origin = { file: nameOf(document.path), line: 1, column: 1, key: 'where' };
  return analyzeLiquid(asTag(source), 'text', origin, known).findings.map((finding) => ({
    ...finding,
    text: msg('“where”: {0}', finding.text),
    place: { ...place, file: nameOf(document.path), ...(given === undefined ? { key: 'where' } : {}) },
  }));
}
