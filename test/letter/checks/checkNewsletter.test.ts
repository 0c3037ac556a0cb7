import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CheckInput,
  checkList,
  checkNewsletter,
  compileNewsletter,
  indexRecipients,
  memoryList,
  parseDocument,
} from '../../../src/letter/index.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import { type Finding, format, UserError } from '../../../src/shared/errors.ts';
import { checkCodes, type Settings } from '../../../src/shared/settings.ts';

const office = { ...defaultServer, host: 'smtp.example.org' };
const settings: Settings = {
  ...defaultSettings,
  from: 'Ada <ada@example.org>',
  servers: { office },
  route: ['office'],
  unsubscribe: { mailto: '', url: 'https://example.org/leave?t={{ token }}' },
  postalAddress: '1 High Street',
};
const files = {
  read: async (path: string): Promise<Uint8Array> => {
    throw new UserError('missing', { template: path, args: [] }, { template: '', args: [] });
  },
};
const front = '---\nsubject: Hello\nrecipients: list.csv\n---\n';

interface Case {
  path?: string;
  settings?: Partial<Settings>;
  list?: string;
  size?: number;
}

async function check(text: string, given: Case = {}): Promise<Finding[]> {
  const document = parseDocument(text, given.path ?? 'letter.md');
  const all = { ...settings, ...given.settings };
  const { newsletter } = await compileNewsletter({ document, settings: all, files });
  const list = given.list
    ? (await indexRecipients(memoryList(Buffer.from(given.list)), { file: 'list.csv' })).profile
    : undefined;
  const input: CheckInput = { document, newsletter, settings: all };
  return checkNewsletter({ ...input, ...(list ? { list } : {}), ...(given.size ? { size: given.size } : {}) });
}

/** The text of the document that a finding points at. */
function pointed(text: string, { place }: Finding): string {
  const lines = text.split('\n');
  if (place.line !== place.endLine) return '(several lines)';
  return lines[(place.line ?? 1) - 1]?.slice((place.column ?? 1) - 1, (place.endColumn ?? 1) - 1) ?? '';
}

const found = (text: string, findings: Finding[]) =>
  findings.map((finding) => [finding.code, finding.place.line, pointed(text, finding)]);

test('a letter with nothing to say about it has no findings', async () => {
  const text = `${front}# Hello {{ first_name | default: "you" }}\n\n![A tulip](https://x.example/t.png) [more](https://x.example/)\n`;
  assert.deepEqual(await check(text, { list: 'email,first_name\na@example.org,\n' }), []);
});

test('links that lead nowhere in mail are found at their address', async () => {
  const text = `${front}[a](page.html) [b](../x/y.md) [c]() [d](#part) [e](#)

[f](www.example.org/x) and [g](//example.org/) and [h](ada@example.org)

- <a href="javascript:alert(1)">i</a> <a href='file:///etc/x'>j</a> [k](http://localhost:3000/) [l](https://)
`;
  assert.deepEqual(found(text, await check(text)), [
    ['deadLink', 5, 'page.html'],
    ['deadLink', 5, '../x/y.md'],
    ['deadLink', 5, ']()'],
    ['deadLink', 5, '#part'],
    ['deadLink', 5, '#'],
    ['deadLink', 7, 'www.example.org/x'],
    ['deadLink', 7, '//example.org/'],
    ['deadLink', 7, 'ada@example.org'],
    ['deadLink', 9, 'javascript:alert(1)'],
    ['deadLink', 9, 'file:///etc/x'],
    ['deadLink', 9, 'http://localhost:3000/'],
    ['deadLink', 9, 'https://'],
  ]);
});

test('a dead link that can be fixed says how', async () => {
  const findings = await check(`${front}[f](www.example.org/x)\n\n[h](ada@example.org)\n`);
  assert.deepEqual(
    findings.map((finding) => finding.data?.suggestion),
    ['https://www.example.org/x', 'mailto:ada@example.org'],
  );
});

test('links that a mail program follows are left alone', async () => {
  const text = `${front}[a](https://x.example/a%20b?c=1&d=2#e) [b](mailto:a@x.example) [c](tel:+3312) [d]({{ unsubscribe_url }})

<a href="https://x.example/{{ code }}">e</a> <a href="#here">f</a> <p id="here">g</p> <https://x.example> <a name="old"></a>
`;
  assert.deepEqual(await check(text), []);
});

test('http links and images are found, with the https to put in', async () => {
  const text = `${front}Go to http://x.example/ or [here](http://x.example/a?b=1&c=2).\n\n![Tulip](http://x.example/t.png)\n`;
  const findings = await check(text);
  assert.deepEqual(found(text, findings), [
    ['insecureLink', 5, 'http://x.example/'],
    ['insecureLink', 5, 'http://x.example/a?b=1&c=2'],
    ['insecureLink', 7, 'http://x.example/t.png'],
  ]);
  assert.equal(findings[1]?.data?.suggestion, 'https://x.example/a?b=1&c=2');
});

test('an image without alternative text is found, in Markdown and in HTML; decoration in HTML may have none', async () => {
  const text = `${front}![](https://x.example/a.png)\n\n<img src="https://x.example/b.png">\n\n<img alt="" src="https://x.example/c.png">\n\n![Tulip](https://x.example/d.png)\n`;
  assert.deepEqual(found(text, await check(text)), [
    ['imageAlt', 5, 'https://x.example/a.png'],
    ['imageAlt', 7, 'https://x.example/b.png'],
  ]);
});

test('places are right in HTML documents, after several lines of Liquid and with CRLF', async () => {
  const html = `<!--\n---\nsubject: Hello\nrecipients: l.csv\n---\n-->\n<p>\n<a href="a.html">x</a>\n<a\n  href="b.html?x=1&amp;y=2">y</a></p>\n`;
  assert.deepEqual(found(html, await check(html, { path: 'letter.html' })), [
    ['deadLink', 8, 'a.html'],
    ['deadLink', 10, 'b.html?x=1&amp;y=2'],
  ]);
  const liquid = `${front}{% assign x =\n  "a"\n%}\n\n{{ x\n | upcase }} [a](a.html)\n\n[b](a.html)\n`;
  assert.deepEqual(found(liquid, await check(liquid)), [
    ['deadLink', 10, 'a.html'],
    ['deadLink', 12, 'a.html'],
  ]);
  const crlf = `${front}Hello\n\n[a](a.html)\n`.replaceAll('\n', '\r\n');
  assert.deepEqual(found(crlf, await check(crlf)), [['deadLink', 7, 'a.html']]);
});

test('the same address twice is found at both places, and not inside a longer one', async () => {
  const text = `${front}[a](b/c.html) [b](b/c) [c](b/c)\n`;
  const columns = (await check(text)).map((finding) => finding.place.column);
  assert.deepEqual(columns, [5, 19, 28]);
});

test('a field that is empty in some rows is found wherever it is shown without a default', async () => {
  const text = `---\nsubject: "News for {{ first_name }}"\nrecipients: list.csv\n---\nDear {{ First Name }}, {{ town }} {{ ["Town"] | upcase }} {{ email }}\n`;
  const list = 'email,First Name,Town\na@example.org,,Paris\nb@example.org,Bo,\nc@example.org,,Lille\n';
  const findings = await check(text, { list });
  assert.deepEqual(found(text, findings), [
    ['fieldEmpty', 2, '{{ first_name }}'],
    ['fieldEmpty', 5, '{{ First Name }}'],
    ['fieldEmpty', 5, '{{ town }}'],
    ['fieldEmpty', 5, '{{ ["Town"] | upcase }}'],
  ]);
  assert.match(format(findings[0]?.text ?? { template: '', args: [] }), /empty in 2 of 3 rows \(lines 2, 4\)/);
});

test('a field with a default, or one that a tag tests, is not reported', async () => {
  const list = 'email,name,town\na@example.org,,\n';
  const text = `${front}{{ name | default: "you" }} {% if town %}in {{ town }}{% endif %}\n`;
  assert.deepEqual(await check(text, { list }), []);
});

test('a letter that Gmail would cut is a warning near the limit and an error over it', async () => {
  const severity = async (size: number, kind = 'newsletter') =>
    (await check(front.replace('subject', `kind: ${kind}\nsubject`), { size })).map((finding) => finding.severity);
  assert.deepEqual(await severity(89_999), []);
  assert.deepEqual(await severity(90_000), ['warning']);
  assert.deepEqual(await severity(100_000), ['error']);
  assert.deepEqual(await severity(100_000, 'internal'), ['warning']);
  const long = `${front}${'A long paragraph of text, again and again.\n\n'.repeat(3000)}`;
  assert.deepEqual(
    (await check(long)).map((finding) => finding.code),
    ['clipped'],
  );
});

test('a sender that the transports cannot vouch for is found', async () => {
  const gmail = { ...office, host: 'smtp.gmail.com' };
  const key = { selector: 's', privateKeyFile: '/k.pem' };
  const rows: [settings: Partial<Settings>, findings: number][] = [
    [{}, 0],
    [{ route: ['direct'] }, 1],
    [{ route: ['office', 'direct'], dkim: { 'example.org': key } }, 0],
    [{ from: 'ada@gmail.com' }, 1],
    [{ from: 'ada@gmail.com', servers: { office: gmail } }, 0],
    [{ from: 'ada@gmail.com', servers: { office: gmail }, route: ['office', 'direct'] }, 1],
    [{ from: 'ada@yahoo.co.uk', domainRoutes: { 'gmail.com': ['direct'] } }, 2],
    [{ from: 'ada@notgmail.com' }, 0],
  ];
  for (const [given, count] of rows) {
    const codes = (await check(front, { settings: given })).map((finding) => finding.code);
    assert.deepEqual(codes, Array(count).fill('notAligned'), JSON.stringify(given));
  }
});

test('a list larger than a day’s quota is reported', async () => {
  const windows = [
    { count: 1, perMs: 3_600_000 },
    { count: 10, perMs: 86_400_000 },
  ];
  const list = `email\n${Array.from({ length: 25 }, (_, n) => `u${n}@example.org`).join('\n')}\n`;
  const servers = { office: { ...office, windows } };
  const [finding] = await check(front, { list, settings: { servers } });
  assert.equal(finding?.code, 'overQuota');
  assert.deepEqual(finding?.text.args, [25, 'office', { template: '{0}/day', args: [10] }]);
  assert.deepEqual(await check(front, { list }), []);
});

test('where one transport has no such limit, nothing is said about it, unless quotas are waited for', async () => {
  const list = `email\n${Array.from({ length: 25 }, (_, n) => `u${n}@example.org`).join('\n')}\n`;
  const servers = { office: { ...office, windows: [{ count: 10, perMs: 86_400_000 }] }, home: office };
  const codes = async (given: Case['settings']) =>
    (await check(front, { list, settings: { servers, ...given } })).map(({ code }) => code);
  assert.deepEqual(await codes({ route: ['office', 'home'] }), []);
  assert.deepEqual(await codes({ route: ['office', 'home'], whenQuotaReached: 'wait' }), ['overQuota']);
  assert.deepEqual(await codes({ route: ['office'] }), ['overQuota']);
});

test('a large list needs one-click unsubscribing', async () => {
  const list = `email\n${Array.from({ length: 5000 }, (_, n) => `u${n}@example.org`).join('\n')}\n`;
  const unsubscribe = { mailto: 'leave@example.org', url: '' };
  const dkim = { 'example.org': { selector: 's', privateKeyFile: '/k.pem' } };
  const codes = async (given: Case) => (await check(front, given)).map((finding) => finding.code);
  assert.deepEqual(await codes({ list, settings: { unsubscribe, dkim } }), ['oneClick']);
  assert.deepEqual(await codes({ list, settings: { dkim } }), []);
  assert.deepEqual(await codes({ list: 'email\na@example.org\n', settings: { unsubscribe } }), []);
});

test('an unsubscribe link that all share, or that contains the address, is not a one-click link', async () => {
  const said = async (url: string, list = 'courriel,city\na@example.org,Lille\n') =>
    (await check(front, { list, settings: { unsubscribe: { mailto: '', url } } })).map(({ code, text }) => [
      code,
      /same for every reader/.test(text.template) ? 'shared' : /address/.test(text.template) ? 'address' : 'other',
    ]);
  assert.deepEqual(await said('https://example.org/leave'), [['oneClick', 'shared']]);
  assert.deepEqual(await said('https://example.org/leave?c={{ campaign }}&t={{ city }}'), [['oneClick', 'shared']]);
  assert.deepEqual(await said('https://example.org/leave?e={{ courriel }}&t={{ token }}'), [['oneClick', 'address']]);
  assert.deepEqual(await said('https://example.org/leave?e={{ email }}&t={{ token }}'), [['oneClick', 'address']]);
  assert.deepEqual(await said('https://example.org/leave?t={{ token }}&c={{ city }}'), []);
});

test('cells that the letter misreads are named with their lines', async () => {
  const said = async (body: string, cells: string[], lang = '') => {
    const text = `---\nsubject: Hello\nrecipients: list.csv\n${lang}---\n${body}\n`;
    const list = `email;x\n${cells.map((cell, n) => `p${n}@example.org;${cell}\n`).join('')}`;
    const findings = await check(text, { list });
    return findings
      .filter(({ code }) => code === 'fieldValue')
      .map((finding) => [format(finding.text), pointed(text, finding)]);
  };
  const date = '{{ x | date: "%d %B" }}';
  const sum = '{{ x | times: 2 }}';
  for (const [body, cells, words, lang] of [
    ['{{ x }}', ['a', '#N/A', '#N/A'], /is “#N\/A” in 2 rows \(lines 3, 4\)/],
    ['{{ x }}', ['#REF!'], /#REF!/],
    ['{{ x }}', ['#VALEUR!'], /#VALEUR!/],
    ['{{ x }}', ['#NAME?'], /#NAME/],
    ['{{ x }}', ['NULL'], /NULL/],
    ['{{ x }}', ['1.23E+11'], /1\.23E/],
    ['{{ x }}', ['1,23E+11'], /1,23E/],
    ['{{ x }}', ['#####'], /#####/],
    [date, ['25/03/2026', '03/25/2026'], /two orders: 25\/03\/2026 \(line 2\) and 03\/25\/2026 \(line 3\)/],
    [date, ['04/03/2026'], /day\/month or month\/day: 04\/03\/2026 \(line 2\)/],
    [date, ['04/03/2026'], /day\/month or month\/day/, 'lang: en\n'],
    [sum, ['12,50', 'many', 'none'], /is not a number in 2 rows \(lines 3, 4, “many”\)/],
    [sum, ['12,50', '12.50'], /two formats: 12,50 \(line 2\) and 12\.50 \(line 3\)/],
    [sum, ['1,234'], /1,234 \(line 2\) is read as 1234/],
    ['{% assign y = x | times: 2 %}{{ y }}', ['many'], /is not a number/],
  ] as const) {
    const found = await said(body, [...cells], lang);
    assert.equal(found.length, 1, `${body} ${cells.join()}: ${JSON.stringify(found)}`);
    assert.match(found[0]?.[0] ?? '', words);
    assert.ok(body.startsWith(found[0]?.[1] ?? '-'), found[0]?.[1]);
  }
  for (const [body, cells, lang] of [
    ['{{ x }}', ['#spring', 'Nadia', 'null and void', 'N/A', '12,50', '04/03/2026']],
    [date, ['04/03/2026', '25/03/2026']],
    [date, ['04/03/2026'], 'lang: fr\n'],
    [date, ['04/03/2026'], 'lang: en-US\n'],
    [date, ['2026-03-04', '04.03.2026']],
    [sum, ['12,50', '1.234', '7']],
    ['{{ email }}', ['#N/A']],
  ] as const)
    assert.deepEqual(await said(body, [...cells], lang), [], `${body} ${cells.join()}`);
});

test('every finding can be silenced or made to forbid sending', async () => {
  const text = '---\nsubject: Hello\n---\n[a](a.html) ![](http://x.example/a.png)\n';
  const severities = async (checks: Settings['checks']) =>
    (await check(text, { settings: { checks } })).map((finding) => `${finding.code} ${finding.severity}`).sort();
  assert.deepEqual(await severities({ deadLink: 'error', imageAlt: 'info' }), [
    'deadLink error',
    'imageAlt info',
    'insecureLink warning',
  ]);
  assert.deepEqual(await severities(Object.fromEntries(checkCodes.map((code) => [code, 'off']))), []);
});

test('findings come in the order of the document', async () => {
  const text = `${front}[a](a.html)\n\n![](https://x.example/a.png)\n\n[b](http://x.example/)\n`;
  assert.deepEqual(
    (await check(text)).map((finding) => finding.place.line),
    [5, 7, 9],
  );
});

test('a letter with broken Liquid is checked as far as it can be read', async () => {
  const findings = await check('---\nsubject: Hello\n---\n[here](a.html)\n{% if name %}\n');
  assert.deepEqual(
    findings.map((finding) => finding.code),
    ['deadLink'],
  );
});

test('refused rows are findings at their lines', async () => {
  const list = 'email\na@example.org\nbad\nA@example.org\n';
  const { profile } = await indexRecipients(memoryList(Buffer.from(list)), { file: 'list.csv' });
  assert.deepEqual(
    checkList(profile.refusals, () => 'list.csv').map(({ code, severity, place, text }) => [
      code,
      severity,
      place.line,
      format(text),
    ]),
    [
      ['invalidAddress', 'warning', 3, '“bad” gets no message: it has no @.'],
      ['duplicate', 'info', 4, 'A@example.org gets one message only: same address as line 2.'],
    ],
  );
});

test('a list of 5,000 without any DKIM signature is found without a network', async () => {
  const list = (rows: number) => `email\n${Array.from({ length: rows }, (_, n) => `r${n}@example.net`).join('\n')}\n`;
  const key = { selector: 's', privateKeyFile: '/k.pem' };
  const rows: [count: number, settings: Partial<Settings>, findings: number][] = [
    [5_000, {}, 1],
    [4_999, {}, 0],
    [5_000, { dkim: { 'example.org': key } }, 0],
    [5_000, { servers: { office: { ...office, host: 'email-smtp.eu-west-3.amazonaws.com' } } }, 0],
  ];
  for (const [count, given, findings] of rows) {
    const unsigned = (await check(front, { settings: given, list: list(count) })).filter(
      ({ code }) => code === 'notAligned',
    );
    assert.equal(unsigned.length, findings, JSON.stringify(given));
  }
});
