import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

/** A quotation mark on line 3 that is closed on line 6 only, and an address that is none. */
const list = [
  'email,name',
  'ada@example.org,Ada',
  '"bob@example.org,Bob',
  'eve@example.org,Eve',
  'joe@example.org,Joe',
  'kim@example.org",Kim',
  'nobody,N',
  'ada@example.org,Ada again',
  '',
].join('\n');

const warningsOf = (stderr: string) => stderr.split('\n').filter((line) => /: (warning|avertissement): /.test(line));

describe('a send without a question says what is wrong in the list', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  before(async () => {
    server = await SmtpServer.start({});
  });
  after(() => server.close());
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    await sandbox.writeSettings(server.port);
    await sandbox.write('list.csv', list);
  });
  afterEach(() => sandbox.remove());

  for (const language of ['C', 'fr_FR.UTF-8'])
    it(`on standard error, line by line as check does (${language})`, async () => {
      const checked = await sandbox.run('check letter.md', { LC_ALL: language });
      const sent = await sandbox.run('send letter.md --yes', { LC_ALL: language });
      assert.equal(sent.code, 0, sent.stderr);
      const warnings = warningsOf(sent.stderr);
      assert.deepEqual(
        warnings.map((line) => line.split(': ')[0]),
        ['list.csv:3:1', 'list.csv:7:1'],
      );
      assert.deepEqual(warnings, warningsOf(checked.stderr));
      assert.doesNotMatch(sent.stderr, /list\.csv:8/);
    });

  it('as events with --json, the rows that are rightly left out apart', async () => {
    const { lines: checked } = await sandbox.json('check letter.md');
    const { lines: sent, code } = await sandbox.json('send letter.md --yes');
    assert.equal(code, 0);
    const refused = (lines: typeof sent) =>
      lines.filter(({ event, severity }) => event === 'refused' && severity === 'warning');
    assert.deepEqual(
      refused(sent).map(({ line, file }) => [file, line]),
      [
        ['list.csv', 3],
        ['list.csv', 7],
      ],
    );
    assert.deepEqual(refused(sent), refused(checked));
    assert.equal(sent.filter(({ event }) => event === 'refused').length, 2);
  });
});
