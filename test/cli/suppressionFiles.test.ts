import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

describe('who must not be mailed', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start({});
    await sandbox.writeSettings(server.port);
  });
  afterEach(async () => {
    await server.close();
    await sandbox.remove();
  });
  const entries = async () => {
    const { lines } = await sandbox.json('suppressions');
    return Object.fromEntries(lines.map(({ entry, reason }) => [entry, reason]));
  };
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();

  it('is imported from an export with its reasons, and counted by check and before sending', async () => {
    await sandbox.write(
      'left.csv',
      'Email Address,UNSUB_TIME,UNSUB_REASON,CLEAN_TIME,MEMBER_RATING,LAST_CHANGED\nreader1@example.org,2024-05-01,NORMAL,,2,\nreader2@example.org,2024-05-01,SPAM,,2,\nold@example.org,,,2024-05-01,2,\nreader3@example.org,,,,2,\n',
    );
    assert.equal((await sandbox.run('suppress --file left.csv')).code, 0);
    assert.deepEqual(await entries(), {
      'old@example.org': 'bounced',
      'reader1@example.org': 'unsubscribed',
      'reader2@example.org': 'complained',
    });
    const checked = await sandbox.run('check letter.md');
    assert.match(checked.stdout, /1 recipient; ready[\s\S]*Left out: 2 suppressed addresses/);
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.match(sent.stdout, /Left out +2 suppressed addresses/);
    assert.deepEqual(sentTo(), ['reader3@example.org']);
  });

  it('includes everyone the letter’s own list reports as gone, in one step that check names', async () => {
    await sandbox.write(
      'list.csv',
      'email,name,Statut\nreader1@example.org,A,désabonné\nreader2@example.org,B,abonné\nreader3@example.org,C,en attente\n',
    );
    await sandbox.write('letter.md', letter.replace('kind:', 'leaveOut: { Statut: [désabonné, en attente] }\nkind:'));
    const checked = await sandbox.run('check letter.md');
    assert.match(checked.stdout, /To leave these people out of every list: envoi suppress --left-out letter\.md/);
    const { code, stdout, stderr } = await sandbox.run('suppress --left-out letter.md');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /1 row marks its reader as gone\. The address was suppressed/);
    assert.deepEqual(await entries(), { 'reader1@example.org': 'unsubscribed' });
    await sandbox.writeList(3, 'other.csv');
    await sandbox.write('other.md', letter.replace('list.csv', 'other.csv'));
    await sandbox.run('send other.md --yes');
    assert.deepEqual(sentTo(), ['reader2@example.org', 'reader3@example.org']);
  });

  it('includes everybody on a list without statuses, for the reason given', async () => {
    await sandbox.run('suppress --file list.csv --reason unsubscribed');
    assert.deepEqual(Object.values(await entries()), ['unsubscribed', 'unsubscribed', 'unsubscribed']);
  });

  it('is exported, imported and shared between machines', async () => {
    await sandbox.run('suppress reader1@example.org =odd.example --reason complained');
    await sandbox.run('suppress reader1@example.org bad.example --reason complained');
    await sandbox.run('suppressions sync shared.csv');
    const text = await readFile(join(sandbox.folder, 'shared.csv'), 'utf8');
    assert.match(text, /^entry,reason,note,at\r\nbad\.example,complained,,20.*\r\nreader1@example\.org,complained,,20/);
    await sandbox.write(
      'shared.csv',
      `${text}reader2@example.org,bounced,550 no such user,2026-01-02T00:00:00.000Z\r\n`,
    );
    await sandbox.run('suppressions sync shared.csv');
    assert.deepEqual(await entries(), {
      'bad.example': 'complained',
      'reader1@example.org': 'complained',
      'reader2@example.org': 'bounced',
    });
    await sandbox.run('unsuppress bad.example reader1@example.org reader2@example.org');
    assert.deepEqual(await entries(), {});
    await sandbox.run('suppressions import shared.csv');
    assert.equal(Object.keys(await entries()).length, 3);
  });

  it('stays suppressed after being erased, and nothing else is kept', async () => {
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    await sandbox.run('suppress reader2@example.org --reason unsubscribed');
    const forgotten = await sandbox.json('forget Reader2@example.org');
    assert.deepEqual([forgotten.lines[0]?.deliveries, forgotten.lines[0]?.left], [1, true]);
    const { lines } = await sandbox.json('report');
    assert.equal(lines.filter(({ event }) => event === 'delivery').length, 3);
    for (const name of ['envoi.db', 'envoi.db-wal']) {
      const bytes = await readFile(join(sandbox.state, name)).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.toString('latin1').toLowerCase().includes('reader2@example.org'), name);
    }
    assert.match(Object.keys(await entries())[0] ?? '', /^#[0-9a-f]{64}$/);
    await sandbox.write('letter.md', letter.replace('kind:', 'id: next\nkind:'));
    const next = await sandbox.run('send letter.md --yes');
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stdout, /Left out +1 suppressed address/);
    assert.equal(server.messages.filter(({ to }) => to[0] === 'reader2@example.org').length, 1);
    const other = await sandbox.json('forget reader3@example.org');
    assert.deepEqual([other.lines[0]?.deliveries, other.lines[0]?.left], [2, false]);
  });

  it('is not lifted by forgetting what is no address, nor is anything about others lost', async () => {
    await sandbox.write('list.csv', 'email,name\nada@example.org,Ada\nada@example.org,Twice\nno address,None\n');
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    await sandbox.run('suppress example.com --reason complained');
    const leftOut = async () => (await sandbox.json('report')).lines.filter(({ event }) => event === 'leftOut').length;
    assert.equal(await leftOut(), 2);
    for (const word of ['example.com', 'a', 'example.org', '@example.org'])
      assert.equal((await sandbox.run(`forget ${word}`)).code, 2, word);
    assert.deepEqual(await entries(), { 'example.com': 'complained' });
    assert.equal(await leftOut(), 2);
  });

  it('forgetting a person erases their own left-out rows, and none of those whose address only contains theirs', async () => {
    const twice = ['n@example.org', 'ann@example.org', 'n@example.org.uk'];
    const column = [...twice, ...twice, '<n@example.org>'];
    await sandbox.write('list.csv', `email,name\n${column.map((address) => `${address},X\n`).join('')}`);
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    const leftOut = async () =>
      (await sandbox.json('report')).lines.filter(({ event }) => event === 'leftOut').map(({ address }) => address);
    assert.deepEqual(await leftOut(), [...twice, '<n@example.org>']);
    await sandbox.run('forget n@example.org');
    assert.deepEqual(await leftOut(), ['ann@example.org', 'n@example.org.uk']);
  });

  it('an ended campaign is deleted on request with all data about its readers; its suppressions and limits stay', async () => {
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    const [campaign] = (await sandbox.json('status')).lines;
    await sandbox.run('suppress reader2@example.org --reason unsubscribed');
    const unasked = await sandbox.run(`delete ${campaign?.campaign}`);
    assert.equal(unasked.code, 2);
    assert.match(
      unasked.stdout,
      /deletes its report, its letter with all files, and the addresses and values of 3 readers\.[\s\S]*unsubscribe links in this letter stop working/,
    );
    const { code, stdout, stderr } = await sandbox.run(`delete ${campaign?.campaign} --yes`);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Deleted/);
    assert.deepEqual((await sandbox.json('status')).lines, []);
    for (const name of ['envoi.db', 'envoi.db-wal']) {
      const bytes = await readFile(join(sandbox.state, name)).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.toString('latin1').includes('reader1@example.org'), name);
    }
    assert.deepEqual(Object.keys(await entries()), ['reader2@example.org']);
    assert.equal((await sandbox.run(`delete ${campaign?.campaign} --yes`)).code, 2);
    const store = new DatabaseSync(join(sandbox.state, 'envoi.db'), { readOnly: true });
    const used = store.prepare('SELECT count(*) AS n, count(ended) AS told FROM attempts WHERE committed_at > 0').get();
    store.close();
    assert.deepEqual({ ...used }, { n: 3, told: 0 }, 'what counts for a limit, without a word of anybody');
  });
});
