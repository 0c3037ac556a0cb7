import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noFacts, takeFacts, takeOddFacts } from '../../../src/compose/values/columnFacts.ts';
import { allProviders } from '../../../src/providers/all.ts';
import { providerOfDomain } from '../../../src/providers/lookup.ts';
import { parseAddress, parseAny } from '../../../src/shared/address.ts';

const RUNS = { numRuns: 3000 };
/** Mostly right, so that the plain way is taken often, and wrong or strange in one place. */
const bit = fc.constantFrom(
  ...[
    'a',
    'ann',
    'B',
    '0',
    '7',
    '.',
    '..',
    '-',
    '_',
    '+',
    "'",
    '@',
    ' ',
    '\t',
    '"',
    ',',
    'é',
    'ß',
    'ü',
    '\u00ad',
    '\u0000',
    '%',
  ],
  ...['x'.repeat(30), 'example', 'org', 'xn--bcher-kva', '日本', '[', '1.2.3.4', '/', '\u200b'],
);
const text = fc.array(bit, { maxLength: 6 }).map((bits) => bits.join(''));
const address = fc.oneof(
  fc.tuple(text, text).map(([local, domain]) => `${local}@${domain}.example`),
  fc.tuple(text, text).map(([local, domain]) => `ann${local}@x${domain}.org`),
  text,
);

test('a plain address is read as by the way that looks at everything', () => {
  fc.assert(
    fc.property(address, (written) => {
      assert.deepEqual(parseAddress(written), parseAny(written.trim()));
    }),
    RUNS,
  );
  for (const long of [60, 64, 65, 180, 189, 190, 200])
    for (const written of [
      `${'a'.repeat(long)}@example.org`,
      `ann@${`${'b'.repeat(60)}.`.repeat(3)}${'c'.repeat(long)}`,
    ])
      assert.deepEqual(parseAddress(written), parseAny(written), written);
});

test('a cell that is surely a word or a plain number is counted as any other', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      'NULL',
      'NaN',
      'None',
      'Na',
      'N/A',
      'Fr',
      'Fr.',
      'Fr12',
      'Fr.12',
      'Fr 12',
      'Fred 12',
      'FRF12',
      'kr 12,50',
      'kr 1,234',
      'kr12',
      'zł 12,50',
      '#N/A',
      '0',
    ),
    fc
      .array(fc.constantFrom(...'ABFNKaefknrz019., /-+€$%eE', 'USD', 'kr', '20260304', '03/04/2026', '1'.repeat(20)), {
        minLength: 1,
        maxLength: 5,
      })
      .map((bits) => bits.join('')),
  );
  fc.assert(
    fc.property(cell, (value) => {
      const [plain, odd] = [noFacts(), noFacts()];
      takeFacts(plain, value, 3);
      const first = value.charCodeAt(0);
      takeOddFacts(odd, value, 3, first >= 48 && first <= 57);
      assert.deepEqual(plain, odd);
    }),
    { numRuns: 20_000 },
  );
});

test('the provider of a domain is the first in whose data it stands', () => {
  const written = allProviders.flatMap(({ domains }) => domains);
  const domain = fc.oneof(
    fc.constantFrom(...written).map((known) => known.replace('*', 'co.uk')),
    fc.constantFrom(...written).map((known) => `${known.replace('*', 'fr')}.`),
    fc.constantFrom(...written).map((known) => `x${known}`),
    fc.constantFrom('Yahoo.FR', 'yahoo', 'gmx.', '', 'example.org', 'notyahoo.fr'),
  );
  fc.assert(
    fc.property(domain, (one) => {
      const name = one.trim().toLowerCase().replace(/\.$/, '');
      const found = allProviders.find(({ domains }) =>
        domains.some((known) => (known.endsWith('.*') ? name.startsWith(known.slice(0, -1)) : name === known)),
      );
      assert.equal(providerOfDomain(one)?.id, found?.id);
    }),
    RUNS,
  );
});
