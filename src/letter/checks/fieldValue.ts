import type { Document } from '../../compose/document/document.ts';
import type { FieldProfile } from '../../compose/recipients/listProfile.ts';
import type { Rows } from '../../compose/values/columnFacts.ts';
import { readNumber } from '../../compose/values/readNumber.ts';
import { type Finding, msg, type Text } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { type Advice, finding } from './check.ts';
import { outputsOf } from './outputs.ts';

const dates = new Set(['date', 'date_to_string', 'date_to_long_string', 'date_to_xmlschema', 'date_to_rfc822']);
const numbers = new Set(
  'abs at_least at_most ceil divided_by floor minus plus modulo times round number currency'.split(' '),
);

/** Cells that do not mean what the letter takes them for: `#N/A`, `04/03/2026`, a word where a number is needed. */
export const fieldValue: Advice = {
  code: 'fieldValue',
  check({ document, list }) {
    if (!list) return [];
    const fields = new Map(list.fields.map((field) => [field.name, field]));
    const findings: Finding[] = [];
    const said = new Set<string>();
    for (const { name, filters, place } of outputsOf(document)) {
      const field = fields.get(name);
      if (!field) continue;
      for (const text of oddities(field, filters, document)) {
        // Once per column and reason, where it is first used.
        const key = `${name} ${text.template}`;
        if (said.has(key)) continue;
        said.add(key);
        findings.push(finding('fieldValue', 'warning', text, place, { field: name }));
      }
    }
    return findings;
  },
};

function oddities({ name, facts }: FieldProfile, filters: readonly string[], document: Document): Text[] {
  const texts: Text[] = [];
  const { dmy, mdy, eitherDate, comma, point, eitherNumber, words, broken } = facts;
  if (broken.count > 0)
    texts.push(
      plural(
        '“{1}” is “{2}” on line {3}, and is sent as is.',
        '“{1}” is “{2}” in {0} rows (lines {3}), and is sent as is.',
        broken.count,
        name,
        broken.sample,
        linesOf(broken),
      ),
    );
  const first = filters.find((filter) => dates.has(filter) || numbers.has(filter));
  if (first === undefined) return texts;
  if (dates.has(first)) {
    if (dmy.count > 0 && mdy.count > 0)
      texts.push(
        msg(
          '“{0}” has dates in two orders: {1} (line {2}) and {3} (line {4}). Write them all like 2026-03-04.',
          name,
          dmy.sample,
          dmy.lines[0] ?? 0,
          mdy.sample,
          mdy.lines[0] ?? 0,
        ),
      );
    else if (dmy.count + mdy.count === 0 && eitherDate.count > 0 && ofNoCountry(document))
      texts.push(
        msg(
          '“{0}” is ambiguous, day/month or month/day: {1} (line {2}). It is read as month/day; write 2026-03-04, or set “lang”, such as {3}.',
          name,
          eitherDate.sample,
          eitherDate.lines[0] ?? 0,
          'en-GB',
        ),
      );
    return texts;
  }
  if (words.count > 0)
    texts.push(
      plural(
        '“{1}” is not a number on line {2} (“{3}”), and counts as 0 there.',
        '“{1}” is not a number in {0} rows (lines {2}, “{3}”), and counts as 0 there.',
        words.count,
        name,
        linesOf(words),
        words.sample,
      ),
    );
  if (comma.count > 0 && point.count > 0)
    texts.push(
      msg(
        '“{0}” has numbers in two formats: {1} (line {2}) and {3} (line {4}).',
        name,
        comma.sample,
        comma.lines[0] ?? 0,
        point.sample,
        point.lines[0] ?? 0,
      ),
    );
  else if (comma.count + point.count === 0 && eitherNumber.count > 0)
    texts.push(
      msg(
        '“{0}” is ambiguous: {1} (line {2}) is read as {3}.',
        name,
        eitherNumber.sample,
        eitherNumber.lines[0] ?? 0,
        readNumber(eitherNumber.sample, null) ?? 0,
      ),
    );
  return texts;
}

/** English without a country, or no language at all: Americans put the month first, nobody else does. */
function ofNoCountry({ frontMatter: { lang } }: Document): boolean {
  return lang === undefined || /^en$/i.test(lang);
}

function linesOf(rows: Rows): string {
  return rows.lines.join(', ') + (rows.count > rows.lines.length ? ', …' : '');
}
