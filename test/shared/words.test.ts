import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from '../../src/cli/words.ts';
import { rateText, spanText } from '../../src/shared/duration.ts';
import { msg } from '../../src/shared/errors.ts';
import { plural, wordsIn } from '../../src/shared/words.ts';

const french: Record<string, string> = {
  '{0} row': '{0} ligne',
  '{0} rows': '{0} lignes',
  'It has {0}.': 'Elle a {0}.',
  '{0}/hour': '{0}/heure',
  '{0} h {1} min': '{0} h {1} min',
};
const en = wordsIn('en');
const fr = wordsIn('fr', (template) => french[template]);
/** French figures have narrow no-break spaces between thousands. */
const spaced = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

test('small whole numbers are written, and counted, as Intl does', () => {
  for (const language of ['en', 'en-GB', 'fr', 'fr-CA', 'de', 'ar-EG', 'hi-u-nu-deva', 'fr-u-nu-arab']) {
    const words = wordsIn(language);
    const figures = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
    const plurals = new Intl.PluralRules(language);
    for (const value of [0, -0, 1, -1, 1.5, 2, 10, 999, 1000, 1204, Number.NaN]) {
      assert.equal(words.number(value), figures.format(value), `${value} in ${language}`);
      assert.equal(words.isOne(value), plurals.select(value) === 'one', `${value} in ${language}`);
    }
  }
});

test('a sentence about so many is in the form its language counts in', () => {
  const rows: [count: number, english: string, french: string][] = [
    [0, '0 rows', '0 ligne'],
    [1, '1 row', '1 ligne'],
    [2, '2 rows', '2 lignes'],
    [1204, '1,204 rows', '1 204 lignes'],
  ];
  for (const [count, english, inFrench] of rows) {
    const text = plural('{0} row', '{0} rows', count);
    assert.equal(en.say(text), english);
    assert.equal(spaced(fr.say(text)), inFrench);
    assert.equal(spaced(fr.say(msg('It has {0}.', text))), `Elle a ${inFrench}.`);
  }
});

test('figures, shares and sizes are written as the language writes them', () => {
  assert.equal(en.number(1234567), '1,234,567');
  assert.equal(spaced(fr.number(1234567)), '1 234 567');
  assert.equal(spaced(fr.number(0.5)), '0,5');
  assert.equal(spaced(fr.percent(0.5)), '50 %');
  assert.equal(en.percent(0.5), '50%');
  assert.equal(spaced(fr.bytes(1_500_000)), '1,5 Mo');
  assert.equal(spaced(fr.rate(2.25)), '2,3');
  assert.equal(en.rate(2), '2.0');
  assert.equal(en.rate(1234.4), '1,234');
});

test('limits and spans are sentences, not settings', () => {
  assert.equal(spaced(fr.say(rateText({ count: 1500, perMs: 3_600_000 }))), '1 500/heure');
  assert.equal(en.say(rateText({ count: 10, perMs: 1000 })), '10/second');
  assert.equal(en.say(rateText({ count: 5, perMs: 600_000 })), '5 in 10 min');
  assert.equal(en.say(spanText(7_500_000)), '2 h 5 min');
});

test('a time of today is a time of day, another one has its day', () => {
  const now = new Date(2026, 10, 23, 8).getTime();
  const at = new Date(2026, 10, 23, 14, 5).getTime();
  assert.equal(fr.time(at, now), '14:05');
  assert.equal(fr.time(at + 86_400_000, now), 'mar. 24 nov. 14:05');
  assert.equal(wordsIn('en-GB').time(at, now), '14:05');
  const early = at - 6 * 3_600_000;
  assert.match(wordsIn('en-US').time(early, now), /^8:05\sAM$/);
  assert.equal(wordsIn('en-GB').time(early, now), '08:05');
  assert.match(fr.moment(at), /^23 nov\. 2026,? (?:à )?14:05$/);
});

test('the terminal’s language is that of its environment', () => {
  const rows: [env: Record<string, string>, language: string][] = [
    [{ LC_ALL: 'fr_FR.UTF-8', LANG: 'de_DE.UTF-8' }, 'fr-FR'],
    [{ LC_MESSAGES: 'fr_CA', LANG: 'en_US.UTF-8' }, 'fr-CA'],
    [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, 'en-US'],
    [{ LANG: 'C.UTF-8' }, 'en-GB'],
    [{ LANG: 'POSIX' }, 'en-GB'],
    [{ LANG: 'ca_ES@valencia' }, 'ca-ES'],
    [{ LANG: 'not a locale' }, 'en-GB'],
  ];
  for (const [env, language] of rows) assert.equal(languageOf(env), language, JSON.stringify(env));
});
