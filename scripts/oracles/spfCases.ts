import { seededRandom } from '../../src/shared/seededRandom.ts';

/**
 * Random SPF zones, a JSON object a line, for a second implementation to judge:
 *
 *   node scripts/oracles/spfCases.ts | python3 scripts/oracles/judgeSpf.py > test/fixtures/evidence/spfCases.ndjson
 */
const random = seededRandom(15);
const below = (count: number) => Math.floor(random() * count);
const one = <T>(values: readonly T[]): T => values[below(values.length)] as T;

const NAMES = ['a.example', 'b.example', 'c.example', 'mx.a.example', 'h.b.example', 'gone.example'];
const FOUR = ['192.0.2.1', '192.0.2.77', '198.51.100.7', '203.0.113.200'];
const SIX = ['2001:db8::1', '2001:db8:1::7'];

function term(): string {
  const sign = one(['', '', '', '-', '~', '?', '+']);
  const name = one(NAMES);
  const length = one(['', '', '', '/24', '/24//64', '//64', '/0']);
  switch (below(12)) {
    case 0:
      return `${sign}a${one(['', `:${name}`])}${length}`;
    case 1:
      return `${sign}mx${one(['', `:${name}`])}${length}`;
    case 2:
    case 3:
      return `${sign}ip4:${one(FOUR)}${one(['', '/24', '/32', '/8'])}`;
    case 4:
      return `${sign}ip6:${one(SIX)}${one(['', '/32', '/64'])}`;
    case 5:
    case 6:
      return `${sign}include:${name}`;
    case 7:
      return `${sign}exists:${one(['%{i}.', '%{ir}.', '%{l}.', '%{d2}.', ''])}${name}`;
    case 8:
      return `redirect=${name}`;
    case 9:
      return one([
        'x=y',
        'exp=why.example',
        'a:',
        'ip4:1.2.3',
        'foo',
        'include',
        '-all:',
        'redirect=',
        'A',
        'Mx',
        'ALL',
      ]);
    default:
      return `${sign}all`;
  }
}

const record = () => ['v=spf1', ...Array.from({ length: 1 + below(5) }, term)].join(' ');

for (let nth = 0; nth < 300; nth++) {
  const zone: Record<string, Record<string, unknown[]>> = {};
  for (const name of NAMES.slice(0, -1)) {
    zone[name] = {
      TXT: below(5) === 0 ? [] : below(15) === 0 ? [record(), record()] : [record()],
      A: below(3) === 0 ? [] : [one(FOUR)],
      AAAA: below(2) === 0 ? [] : [one(SIX)],
      MX: below(3) === 0 ? [] : [[10, one(NAMES)]],
    };
  }
  const ip = below(4) === 0 ? one(SIX) : one(FOUR);
  process.stdout.write(`${JSON.stringify({ ip, sender: `ada@${one(NAMES)}`, helo: 'mail.a.example', zone })}\n`);
}
