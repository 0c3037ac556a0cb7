import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules, text } from './sources.ts';

/** Where a figure or a time is no word for a person, and why. */
const exceptions: Record<string, string> = {
  'src/shared/words.ts': 'the one place',
  'src/shared/sendingHours.ts': 'asks whether a zone exists',
  'src/engine/queue/policy/hours.ts': 'asks what time it is in a zone',
  'src/host/sending/askTime.ts': 'asks for this computer’s zone',
  'src/cli/words.ts': 'asks for this computer’s language',
  'src/compose/values/strftime.ts': 'dates in a letter, in its own language',
  'src/compose/liquid/valueFilters.ts': 'figures in a letter, in its own language',
  'media/report/chart.ts': 'coordinates',
};
const WRITES =
  /\.toLocale(?:Date|Time)?String\(|\bIntl\.(?:NumberFormat|DateTimeFormat|PluralRules|ListFormat)\b|\.toFixed\(/;

test('figures, dates and plurals are written in one place', () => {
  const found = modules()
    .filter((path) => !(path in exceptions))
    .flatMap((path) =>
      text(path)
        .split('\n')
        .flatMap((line, at) => (WRITES.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );
  assert.deepEqual(found, []);
});

test('every exception is still one', () => {
  assert.deepEqual(
    Object.keys(exceptions).filter((path) => !WRITES.test(text(path))),
    [],
  );
});

test('no sentence writes its plural with brackets', () => {
  const bundle = text('l10n/bundle.l10n.fr.json');
  assert.deepEqual(bundle.match(/"[^"]*\w\((?:s|e|es|x)\)[^"]*"/g) ?? [], []);
});
