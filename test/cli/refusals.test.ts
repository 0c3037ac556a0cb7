import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { runCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

describe('the command refuses with one sentence and exit code 2, and sends nothing', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start({ users: { ada: 'right' } });
  });
  after(() => server.close());
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port);
  });
  afterEach(() => sandbox.remove());

  type Row = [
    name: string,
    words: string,
    says: RegExp,
    prepare?: () => Promise<unknown>,
    env?: Record<string, string>,
  ];
  const head = (line: string) => letter.replace('kind: internal\n', `kind: internal\n${line}\n`);
  const rows: Row[] = [
    ['an unknown command', 'sned letter.md', /no command sned.*Known names:/],
    ['the help of an unknown command', 'help nope', /no command nope.*Known names:/],
    ['the help of an unknown command, asked as an option', 'nope --help', /no command nope.*Known names:/],
    ['an unknown option', 'send letter.md --force', /--force.*--help/],
    ['no document', 'send', /No document was given.*envoi send letter\.md/],
    ['a document that is not there', 'send nothing.md', /no file nothing\.md/],
    ['a directory as document', 'send .', /cannot be read/],
    ['no terminal and no --yes', 'send letter.md', /Add --yes to send to 3 recipients/],
    ['a time that is none', 'send letter.md --yes --at tomorrow', /“tomorrow” is not a time/],
    ['a time that has passed', 'send letter.md --yes --at 2020-01-01T09:00Z', /has passed/],
    ['settings that are not there', 'send letter.md --yes --config nothing.json', /no file nothing\.json/],
    [
      'an unknown setting',
      'send letter.md --yes',
      /envoi\.sevrers/,
      () => sandbox.write('envoi.json', '{ "envoi.sevrers": {} }'),
    ],
    [
      'settings that are not JSON',
      'send letter.md --yes',
      /envoi\.json/,
      () => sandbox.write('envoi.json', '{ "envoi.'),
    ],
    [
      'a route to a server that is not there',
      'send letter.md --yes',
      /attic/,
      () => sandbox.writeSettings(server.port, {}, { 'envoi.route': ['attic'] }),
    ],
    [
      'front matter that cannot be read, and not what it would have said',
      'check letter.md',
      /^(?!.*(?:No sender|No subject|recipients))letter\.md:2:\d+: error: A quotation mark inside [^\n]*\n$/s,
      () => sandbox.write('letter.md', letter.replace(/^subject: (.*)$/m, 'subject: "$1"}"')),
    ],
    [
      'a list that is not there',
      'send letter.md --yes --recipients none.csv',
      /none\.csv: error: The list none\.csv does not exist\. Correct --recipients/,
    ],
    ['an empty list', 'send letter.md --yes', /has no recipients/, () => sandbox.write('list.csv', 'email,name\n')],
    [
      'a list with nobody good',
      'send letter.md --yes',
      /list\.csv:1:1: error: No recipient on the list can be mailed: all 2 rows are left out/,
      () => sandbox.write('list.csv', 'email,name\nnobody,x\n@,y\n'),
    ],
    [
      'a document without a list',
      'send letter.md --yes',
      /letter\.md:1:1: error: No list of recipients: set “recipients”/,
      () => sandbox.write('letter.md', letter.replace('recipients: list.csv\n', '')),
    ],
    [
      'an unknown field',
      'send letter.md --yes',
      /letter\.md:7:\d+: error: .*nmae/,
      () => sandbox.write('letter.md', letter.replace('Dear {{ name }}', 'Dear {{ nmae }}')),
    ],
    [
      'a missing image',
      'send letter.md --yes',
      /letter\.md:8.*sun\.png/,
      () => sandbox.write('letter.md', `${letter}![Sun](sun.png)\n`),
    ],
    [
      'a missing attachment',
      'send letter.md --yes',
      /plan\.pdf/,
      () => sandbox.write('letter.md', head('attachments: [plan.pdf]')),
    ],
    [
      'advice that the settings made an error',
      'send letter.md --yes',
      /letter\.md:8:5: error: The image .* has no alternative text/,
      async () => {
        await sandbox.writeSettings(server.port, {}, { 'envoi.checks': { imageAlt: 'error' } });
        await sandbox.write('letter.md', `${letter}![](https://example.org/sun.png)\n`);
      },
    ],
    [
      'an attachment that a link leads out for',
      'send letter.md --yes',
      /letter\.md:5:15: error: .*plan\.txt must be in the document’s folder/,
      async () => {
        await symlink('/etc/hostname', join(sandbox.folder, 'plan.txt'));
        await sandbox.write('letter.md', head('attachments: [plan.txt]'));
      },
    ],
    [
      'an attachment named from the root',
      'send letter.md --yes',
      /letter\.md:5:15: error: .*\/etc\/passwd must be in the document’s folder/,
      () => sandbox.write('letter.md', head('attachments: [/etc/passwd]')),
    ],
    [
      'a password that nobody gives',
      'send letter.md --yes',
      /needs a password.*ENVOI_PASSWORD_OFFICE/,
      () => sandbox.writeSettings(server.port, { user: 'ada', auth: 'password', security: 'none' }),
    ],
    [
      'an access token that nobody gives',
      'send letter.md --yes',
      /needs an access token.*ENVOI_TOKEN_OFFICE/,
      () => sandbox.writeSettings(server.port, { user: 'ada', auth: 'oauth2' }),
    ],
    [
      'a server that is not there',
      'send letter.md --yes',
      /“office” \(127\.0\.0\.1:1\) cannot be reached/,
      () => sandbox.writeSettings(1),
    ],
    [
      'a state directory that is a file',
      'send letter.md --yes',
      /state directory .* cannot be used/,
      () => sandbox.write('state', ''),
    ],
    ['a test to nobody', 'test letter.md', /No test address/],
    ['a test to what is no address', 'test letter.md --to ada', /“ada” is not an address/],
    ['a row that is not there', 'render letter.md --recipient nobody@example.org', /no recipient nobody@example\.org/],
    ['a campaign that is not there', 'pause 2020', /There is no campaign 2020/],
    ['a report of nothing', 'report', /no campaigns yet/],
    ['nothing to resume', 'resume', /There is no unfinished campaign/],
    ['a decision without a word', 'decide 2020', /decide CAMPAIGN resend\|leave/],
    ['a server test of an unknown one', 'servers test attic', /no server “attic”/],
    ['a server test of what is in every object', 'servers test constructor', /no server “constructor”/],
    [
      'a route through what is in every object',
      'send letter.md --yes --config odd.json',
      /server “constructor”/,
      () => sandbox.write('odd.json', '{"envoi.route": ["constructor"]}'),
    ],
    ['a suppression of what is no address', 'suppress a@b@c', /neither an address nor a domain/],
    ['two documents', 'send letter.md other.md --yes', /“other\.md” is one word too many.*envoi send --help/],
    ['two people to forget', 'forget a@b.example c@b.example', /“c@b\.example” is one word too many/],
    [
      'a part of an address to forget',
      'forget nobody',
      /“nobody” is not an address: it has no @\. Give the whole address/,
    ],
    ['a domain to forget', 'forget @example.org', /“@example\.org” is not an address: .*Nothing was erased/],
    ['an address beside a list', 'suppress --file list.csv a@b.example', /“a@b\.example” is one word too many/],
    ['a suppression for no known reason', 'suppress a@b.example --reason hate', /must be one of/],
  ];

  const keys: [name: string, key: string][] = [
    ['a blank key', ' '],
    ['a key with a line break', 'monday\n--yes'],
    ['a key with a control character', 'mon\u001b[31mday'],
    ['a key that changes the direction of writing', 'mon\u202eday'],
    ['an enormous key', 'k'.repeat(201)],
  ];
  for (const [name, key] of keys)
    it(`for ${name} with --once`, async () => {
      const args = [...sandbox.args('send letter.md --yes'), '--once', key];
      const { code, stderr } = await runCli(args, { cwd: sandbox.folder, env: sandbox.person });
      assert.match(stderr, /^envoi: --once takes a key of at most 200 characters on one line.*Nothing was sent\.\n$/);
      assert.equal(code, 2);
      assert.deepEqual(server.messages, []);
    });

  it('but not for a key of 200 characters', async () => {
    assert.equal((await sandbox.run(`send letter.md --yes --once ${'é'.repeat(200)}`)).code, 0);
    server.messages.length = 0;
  });

  const empties: [name: string, args: string[], says: RegExp][] = [
    ['an empty key', ['send', 'letter.md', '--yes', '--once', ''], /The option --once has an empty value\./],
    ['an empty condition', ['send', 'letter.md', '--yes', '--where='], /The option --where has an empty value\./],
    [
      'an empty list among others',
      ['check', 'letter.md', '-r', 'list.csv', '-r', ''],
      /The option --recipients has an/,
    ],
    ['an empty state directory', ['status', '--state', ''], /The option --state has an empty value\./],
    ['a campaign whose name is empty', ['cancel', ''], /An empty word was given\..*variable in your script/],
  ];
  for (const [name, args, says] of empties)
    it(`for ${name}, as from a variable that is not set`, async () => {
      const { code, stderr } = await runCli(args, { cwd: sandbox.folder, env: sandbox.person });
      assert.match(stderr, says);
      assert.equal(code, 2);
      assert.deepEqual(server.messages, []);
    });

  for (const [name, words, says, prepare, env] of rows) {
    it(`for ${name}`, async () => {
      await prepare?.();
      const { code, stdout, stderr } = await sandbox.run(words, env);
      assert.match(stderr, says);
      assert.equal(code, 2);
      assert.ok(stderr.trim().split('\n').length <= 2, `more than a sentence:\n${stderr}`);
      assert.doesNotMatch(stderr + stdout, /bug in Envoi|\n\s+at /);
      assert.deepEqual(server.messages, []);
    });
  }

  it('for a wrong password, without saying it', async () => {
    const secret = 'not-the-password-7411';
    await sandbox.writeSettings(server.port, { user: 'ada', auth: 'password', security: 'none' });
    const { code, stdout, stderr } = await sandbox.run('send letter.md --yes', { ENVOI_PASSWORD_OFFICE: secret });
    assert.equal(code, 2);
    assert.match(stderr, /“office”.*Nothing was sent/s);
    assert.ok(!(stdout + stderr).includes(secret));
    assert.deepEqual(server.messages, []);
  });

  it('as an object, with --json', async () => {
    const { code, lines } = await sandbox.json('send nothing.md --yes');
    assert.equal(code, 2);
    assert.equal(lines.at(-1)?.event, 'error');
    assert.equal(lines.at(-1)?.code, 'missing');
  });

  it('for a state directory that cannot be made', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
    const args = ['send', 'letter.md', '--yes', '--trust', '--state', '/proc/envoi/state'];
    const { code, stderr } = await runCli(args, { cwd: sandbox.folder });
    assert.equal(code, 2);
    assert.match(stderr, /The state directory \/proc\/envoi\/state cannot be used: .*Nothing was sent/);
    assert.deepEqual(server.messages, []);
  });
});
