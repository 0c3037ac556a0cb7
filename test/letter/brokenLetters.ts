import { generateKeyPairSync } from 'node:crypto';
import type { FindingCode } from '../../src/shared/findingCodes.ts';

/** A folder in which exactly this is found, at this place. */
export interface BrokenLetter {
  code: FindingCode;
  /** Which letter is opened and checked. */
  letter: string;
  files: Record<string, string | Uint8Array>;
  /** Over those of `settings`; null takes one away. */
  settings?: Record<string, unknown>;
  /** `file:line`; of a setting its key instead. */
  at: string;
}

/** Settings with which nothing is wrong. */
export const settings: Record<string, unknown> = {
  'envoi.from': 'Ada <ada@example.org>',
  'envoi.postalAddress': '1 Mill Lane, Lille',
  'envoi.unsubscribe': { mailto: 'leave@example.org', url: 'https://example.org/leave?t={{ token }}' },
  'envoi.servers': { office: { host: 'smtp.example.org', user: 'ada' } },
  'envoi.route': ['office'],
};

const list = 'email,name,town\nada@example.org,Ada,Lille\nbob@example.org,Bob,\n';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

interface More {
  files?: Record<string, string | Uint8Array>;
  settings?: Record<string, unknown>;
  letter?: string;
}

/** A letter of these lines; the list lies beside it. */
function whole(code: FindingCode, text: string, at: string, { files = {}, letter = 'letter.md', ...more }: More = {}) {
  return { code, letter, files: { 'list.csv': list, [letter]: text, ...files }, at, ...more };
}

/** A letter with a subject and a list on lines 2 and 3, this on line 4, and the body from line 6 on. */
const matter = (code: FindingCode, line: string, at: string, more?: More) =>
  whole(code, `---\nsubject: Hello\nrecipients: list.csv\n${line}\n---\nDear reader,\n`, at, more);

/** A letter whose body begins at line 5. */
const body = (code: FindingCode, text: string, at = 'letter.md:5', more?: More) =>
  whole(code, `---\nsubject: Hello\nrecipients: list.csv\n---\n${text}\n`, at, more);

/** A good letter to this list. */
const to = (code: FindingCode, text: string, at: string, more: More = {}) =>
  body(code, 'Dear reader,', at, { ...more, files: { 'list.csv': text } });

const setting = (code: FindingCode, changes: Record<string, unknown>, key: string) =>
  body(code, 'Dear reader,', key, { settings: changes });

const office = (more: object) => ({ 'envoi.servers': { office: { host: 'smtp.example.org', user: 'ada', ...more } } });
const many = `email\n${Array.from({ length: 5000 }, (_, n) => `reader${n}@example.org`).join('\n')}\n`;

/** One for each code that a letter can be told of; in the order of docs/problems.md. */
export const brokenLetters: readonly BrokenLetter[] = [
  whole('frontMatterUnclosed', '---\nsubject: Hello\n\nDear reader,\n', 'letter.md:1'),
  matter('frontMatterYaml', 'preheader: "In short"}"', 'letter.md:4'),
  whole('frontMatterShape', '---\n- subject\n- Hello\n---\nDear reader,\n', 'letter.md:2'),
  matter('frontMatterType', 'preheader: [a, b]', 'letter.md:4'),
  matter('frontMatterValue', 'kind: advertisement', 'letter.md:4'),
  matter('frontMatterComment', 'preheader: Issue #4 # of ten', 'letter.md:4'),
  matter('frontMatterSpelling', 'reply_to: bob@example.org', 'letter.md:4'),
  whole(
    'keyTaken',
    '---\nsubject: Hello\nrecipients: list.csv\nencoding: utf-8\n---\nWritten in {{ encoding }}.\n',
    'letter.md:4',
  ),
  body('wrongEncoding', 'Caf\ufffd at noon.'),
  whole('subjectMissing', '---\nrecipients: list.csv\n---\nDear reader,\n', 'letter.md:1'),
  body('fromMissing', 'Dear reader,', 'letter.md:1', { settings: { 'envoi.from': null } }),
  matter('fromInvalid', 'from: ada at example.org', 'letter.md:4'),
  matter('replyToInvalid', 'replyTo: ada at example.org', 'letter.md:4'),
  body('unsubscribeMissing', 'Dear reader,', 'letter.md:1', { settings: { 'envoi.unsubscribe': null } }),
  body('unsubscribeLink', '<html><body><p>Dear reader</p></body></html>', 'letter.html:5', { letter: 'letter.html' }),
  body('postalAddressMissing', 'Dear reader,', 'letter.md:1', { settings: { 'envoi.postalAddress': null } }),
  body(
    'postalAddressHidden',
    '<html lang="en"><body><p><a href="{{ unsubscribe_url }}">out</a></p></body></html>',
    'letter.html:5',
    {
      letter: 'letter.html',
    },
  ),
  whole('recipientsMissing', '---\nsubject: Hello\n---\nDear reader,\n', 'letter.md:1'),
  whole('listMissing', '---\nsubject: Hello\nrecipients: gone.csv\n---\nDear reader,\n', 'letter.md:3'),
  whole('listUnreadable', '---\nsubject: Hello\nrecipients: lists\n---\nDear reader,\n', 'letter.md:3', {
    files: { 'lists/readers.csv': list },
  }),
  whole('listOutside', '---\nsubject: Hello\nrecipients: /etc/hosts\n---\nDear reader,\n', 'letter.md:3'),
  to('emptyList', 'email,name\n', 'list.csv:1'),
  to('noHeader', 'ada@example.org,Ada\nbob@example.org,Bob\n', 'list.csv:1'),
  to('noAddressColumn', 'name,town\nAda,Lille\n', 'list.csv:1'),
  matter('addressColumn', 'address: Mail', 'letter.md:4'),
  to('addressColumns', 'email,other\nada@example.org,bob@example.org\n', 'letter.md:3'),
  to('statusUnclear', 'email,status\nada@example.org,unsubscribed\nbob@example.org,active\n', 'letter.md:3'),
  matter('leaveOutColumn', 'leaveOut: { status: [left] }', 'letter.md:4'),
  to('invisibleCharacter', 'email,na\u200bme\nada@example.org,Ada\n', 'list.csv:1'),
  to('listKind', 'BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEMAIL:ada@example.org\nEND:VCARD\n', 'list.csv:1'),
  to('listBinary', '%PDF-1.7 and so on', 'list.csv:1'),
  matter('encodingUnknown', 'encoding: utf-9', 'letter.md:4'),
  body('encodingGuessed', 'Dear reader,', 'letter.md:3', {
    files: { 'list.csv': Buffer.from('email,name\nada@example.org,\xc0\xed\xed\xe0\n', 'latin1') },
  }),
  body('encodingMixed', 'Dear reader,', 'list.csv:3', {
    files: { 'list.csv': Buffer.from('email,name\nada@example.org,Zo\xc3\xab\nbob@example.org,Ren\xe9\n', 'latin1') },
  }),
  to('endlessRow', `email,name\nada@example.org,"Ada\n${'x'.repeat(4_300_000)}\n`, 'list.csv:2'),
  to('nobodyLeft', 'email,name\nada at home,Ada\n', 'list.csv:1'),
  to('noAddress', 'email,name\nada@example.org,Ada\n,Bob\n', 'list.csv:3'),
  to('invalidAddress', 'email,name\nada@example.org,Ada\nbob at home,Bob\n', 'list.csv:3'),
  to('addressTypo', 'email,name\nada@example.org,Ada\nbob@gmial.com,Bob\n', 'list.csv:3'),
  to('addressRole', 'email,name\nada@example.org,Ada\nnoreply@example.org,Bob\n', 'list.csv:3'),
  to('addressShared', 'email,name\nada@example.org,Ada\ncontact@example.org,Bob\nInfo@example.org,Eve\n', 'list.csv:3'),
  to('addressDisposable', 'email,name\nada@example.org,Ada\nbob@mailinator.com,Bob\n', 'list.csv:3'),
  to('duplicate', 'email,name\nada@example.org,Ada\nADA@example.org,Ada\n', 'list.csv:3'),
  to('unsubscribed', 'email,unsubscribed\nada@example.org,no\nbob@example.org,yes\n', 'list.csv:3'),
  to('complained', 'email,complained\nada@example.org,no\nbob@example.org,yes\n', 'list.csv:3'),
  to('bounced', 'email,bounced\nada@example.org,no\nbob@example.org,yes\n', 'list.csv:3'),
  to('cleaned', 'email,clean_time\nada@example.org,\nbob@example.org,2024-05-01\n', 'list.csv:3'),
  to('blocked', 'email,blacklisted\nada@example.org,0\nbob@example.org,1\n', 'list.csv:3'),
  to(
    'deleted',
    'email,subscribed_to_emails,deleted_at\nada@example.org,true,\nbob@example.org,true,2024-05-01\n',
    'list.csv:3',
  ),
  to(
    'refunded',
    'Order #,Email,Attendee Status\n1,ada@example.org,Attending\n2,bob@example.org,Refunded\n',
    'list.csv:3',
  ),
  to('pending', 'email,confirmed,blacklisted\nada@example.org,1,0\nbob@example.org,0,0\n', 'list.csv:3'),
  to('notSubscribed', 'email,subscribed\nada@example.org,yes\nbob@example.org,no\n', 'list.csv:3'),
  matter('statusLeftOut', 'leaveOut: { town: [Lille] }', 'list.csv:2'),
  to('malformedRow', 'email,name\nada@example.org,Ada\nbob@example.org,Bob,Bobby\n', 'list.csv:3'),
  body('fieldEmpty', 'You live in {{ town }}.'),
  body('fieldValue', 'It costs {{ price | currency: "EUR" }}.', 'letter.md:5', {
    files: { 'list.csv': 'email,price\nada@example.org,much\n' },
  }),
  body('liquidSyntax', '\nDear {{ name', 'letter.md:6'),
  body('liquidCrossed', '<p>{% if name %}</p><p {% endif %}>x</p>'),
  body('tooDeep', '<div>'.repeat(500)),
  whole('mjml', '<mjml><mj-body><mj-text>Dear reader</mj-text></mj-body></mjml>', 'letter.mjml:1', {
    letter: 'letter.mjml',
  }),
  body(
    'langMissing',
    '<html><body><p>Dear reader <a href="{{ unsubscribe_url }}">out</a> {{ postal_address }}</p></body></html>',
    'letter.html:5',
    {
      letter: 'letter.html',
    },
  ),
  body('valueInTag', '<p {{ name }}>Dear reader</p>'),
  body('unknownField', 'Dear {{ nmae }},'),
  body('mergeTag', 'Dear *|NAME|*,'),
  matter('layoutMissing', 'layout: gone.html', 'letter.md:4'),
  matter('layoutOutside', 'layout: ../../../../../../gone.html', 'letter.md:4'),
  matter('layoutContent', 'layout: mine.html', 'letter.md:4', {
    files: { 'mine.html': '<html><body><a href="{{ unsubscribe_url }}">leave</a></body></html>' },
  }),
  matter('textMissing', 'text: gone.txt', 'letter.md:4'),
  matter('textOutside', 'text: ../../../../../../gone.txt', 'letter.md:4'),
  matter('attachmentMissing', 'attachments: [gone.pdf]', 'letter.md:4'),
  matter('attachmentOutside', 'attachments: [../../../../../../gone.pdf]', 'letter.md:4'),
  matter('messageHeavy', 'attachments: big.bin', 'letter.md:4', { files: { 'big.bin': Buffer.alloc(15_000_000) } }),
  body('imageMissing', '![A tulip](gone.png)'),
  body('imageOutside', '![A tulip](../../../../../../gone.png)'),
  body('imageFormat', '![A tulip](tulip.png)', 'letter.md:5', { files: { 'tulip.png': 'no picture' } }),
  body('imageData', '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="A tulip">'),
  body('imageHeavy', '![A tulip](tulip.png)', 'letter.md:5', {
    files: { 'tulip.png': Buffer.concat([png, Buffer.alloc(1_100_000)]) },
  }),
  body('imageVariable', '<table background="of-{{ name }}.png"></table>'),
  body('fileNotSent', '<video src="garden.mp4"></video>', 'letter.md:5', {
    settings: { 'envoi.checks': { clientSupport: 'off' } },
  }),
  body('styleSheet', '<link rel="stylesheet" href="gone.css">'),
  body('imageAlt', '![](tulip.png)', 'letter.md:5', { files: { 'tulip.png': png } }),
  body('script', '<script>alert(1)</script>'),
  body('deadLink', '[here](page.html)'),
  body('clientSupport', '<p style="display:flex">x</p>'),
  body('insecureLink', '[here](http://example.org/)'),
  body('clipped', 'A long paragraph of text, again and again.\n\n'.repeat(3000)),
  body('notAligned', 'Dear reader,', 'letter.md:1', { settings: { 'envoi.route': ['direct'] } }),
  to('oneClick', many, 'letter.md:3', { settings: { 'envoi.unsubscribe': { mailto: 'leave@example.org' } } }),
  setting('feedbackId', { 'envoi.feedbackId': 'mygarden' }, 'letter.md:1'),
  body('dkimKeyFile', 'Dear reader,', 'letter.md:1', {
    settings: { 'envoi.dkim': { 'example.org': { selector: 'a', privateKeyFile: 'gone.pem' } } },
  }),
  body('dkimEd25519', 'Dear reader,', 'letter.md:1', {
    settings: { 'envoi.dkim': { 'example.org': { selector: 'a', privateKeyFile: 'key.pem' } } },
    files: { 'key.pem': ed25519 },
  }),
  to('overQuota', many, 'letter.md:3', { settings: office({ quota: ['100/day'] }) }),
  setting('unknownSetting', { 'envoi.postalAdress': 'Lille' }, 'envoi.postalAdress'),
  setting('wrongValue', { 'envoi.whenQuotaReached': 'stop' }, 'envoi.whenQuotaReached'),
  setting('unknownServer', { 'envoi.route': ['attic'] }, 'envoi.route.0'),
  setting('passwordInSettings', office({ password: 'secret' }), 'envoi.servers.office.password'),
  setting('secretInClear', office({ security: 'none' }), 'envoi.servers.office.security'),
];

/** Told by one door only, or not of a letter alone; each is proved where it says. */
export const elsewhere: Partial<Record<FindingCode, string>> = {
  tooSlow: 'test/host/workerMaker.test.ts',
  listChanged: 'test/letter/brokenLetters.test.ts',
  suppressed: 'test/letter/brokenLetters.test.ts',
  otherSheets: 'test/compose/recipients/workbook.test.ts',
  sheetUnknown: 'test/compose/recipients/workbook.test.ts',
  notSelected: 'test/letter/brokenLetters.test.ts',
  excepted: 'test/letter/brokenLetters.test.ts',
  alreadySent: 'test/letter/brokenLetters.test.ts',
  workspaceSetting: 'test/editor/problems.test.ts',
  brokenLink: 'test/letter/links.test.ts',
  senderDomain: 'test/evidence/zoo.test.ts',
  spfRecord: 'test/evidence/zoo.test.ts',
  dkimRecord: 'test/evidence/zoo.test.ts',
  dmarcRecord: 'test/evidence/zoo.test.ts',
  dmarcResult: 'test/evidence/zoo.test.ts',
  directHost: 'test/evidence/direct.test.ts',
  directPorts: 'test/evidence/direct.test.ts',
  unsubscribeWay: 'test/evidence/unsubscribeItems.test.ts',
  blockList: 'test/evidence/direct.test.ts',
  bulkRules: 'test/evidence/bulkRules.test.ts',
  listDomain: 'test/cli/checkNetwork.test.ts',
};
