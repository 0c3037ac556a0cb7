import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkItems, type Fulfilled } from '../../src/evidence/bulkRules.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { format } from '../../src/shared/errors.ts';

const all: Fulfilled = { spf: true, dkim: true, dmarc: true, oneClick: true };

const said = (providers: Record<string, number>, fulfilled: Fulfilled) =>
  bulkItems(
    {
      from: 'a@b.example',
      settings: defaultSettings,
      recipients: 0,
      providers,
      domains: [],
      newsletter: true,
      only: [],
    },
    fulfilled,
  ).map(({ code, state, text }) => `${code} ${state}: ${format(text)}`);

test('each large provider’s rules apply to the number of readers the list has there', () => {
  assert.deepEqual(said({}, all), []);
  assert.deepEqual(said({ free: 90_000 }, all), [], 'a provider without published rules');
  const few = said({ google: 4_999 }, { ...all, dmarc: false });
  assert.match(few.join(), /^bulkRules passed: Gmail: 4999 of your readers, fewer than the 5000 a day/);
  assert.match(
    said({ google: 5_000 }, { ...all, dmarc: false, oneClick: false }).join(),
    /failed: .*requires DMARC, one-click unsubscribe, which is missing/,
  );
  assert.match(said({ outlook: 5_000 }, { ...all, oneClick: false }).join(), /passed: .*SPF, DKIM, DMARC/);
  assert.match(said({ orange: 1 }, { ...all, dkim: false }).join(), /failed: Orange: .*requires DKIM/);
  assert.match(said({ yahoo: 10 }, { ...all, spf: null }).join(), /unasked: Yahoo: .*SPF, which could not be checked/);
  assert.deepEqual(
    said({ orange: 5, google: 6_000 }, all).map((line) => line.split(':')[1]?.trim()),
    ['Gmail', 'Orange'],
    'the largest first',
  );
});
