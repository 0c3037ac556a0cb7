import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Papa from 'papaparse';
import { startCli } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

/** Three lists as three people keep them: other columns, other words, some people on two. */
const members = 'email,name\nann@x.example,Ann\nbo@x.example,Bo\ncy@x.example,Cy\nnobody,No\n';
const friends = 'Nom;Courriel;Statut\nBo;BO@x.example;Abonné\nDi;di@x.example;Abonné\nCy;cy@x.example;Désinscrit\n';
const press = 'Name,E-mail\nEve,eve@x.example\nDi,di@x.example\n';

describe('a letter to several lists', () => {
  let sandbox: Sandbox;
  let server: SmtpServer;
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    server = await SmtpServer.start({});
    await sandbox.writeSettings(server.port);
    await sandbox.write('members.csv', members);
    await sandbox.write('friends.csv', friends);
    await sandbox.write('press.csv', press);
    const lists = 'recipients:\n  - members.csv\n  - friends.csv\n  - press.csv\nleaveOut: { Statut: Désinscrit }\n';
    await sandbox.write('letter.md', letter.replace('recipients: list.csv\n', lists));
  });
  afterEach(async () => {
    await server.close();
    await sandbox.remove();
  });
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();

  it('writes to each reader once; a reader who left one list is left out of all; each row is named with its list', async () => {
    const checked = await sandbox.run('check letter.md');
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /4 recipients; ready to send/);
    assert.match(checked.stdout, /Left out: 1 invalid address, 2 duplicates, 2 unsubscribed/);
    assert.match(checked.stdout, /members\.csv: 2 recipients, UTF-8, addresses from “email”/);
    assert.match(checked.stdout, /friends\.csv: 1 recipient, UTF-8, addresses from “Courriel”/);
    assert.match(checked.stdout, /press\.csv: 1 recipient, UTF-8, addresses from “E-mail”/);
    assert.match(
      checked.stderr,
      /members\.csv:4:1: note: .*according to line 4 of friends\.csv: “Statut” is “Désinscrit”/,
    );
    assert.match(checked.stderr, /members\.csv:5:1: warning: “nobody” gets no message/);
    assert.match(checked.stderr, /friends\.csv:2:1: note: .*same address as line 3 of members\.csv/);
    assert.match(checked.stderr, /press\.csv:3:1: note: .*same address as line 3 of friends\.csv/);
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(sentTo(), ['ann@x.example', 'bo@x.example', 'di@x.example', 'eve@x.example']);
    assert.match(sent.stdout, /4 recipients from \S*members\.csv, \S*friends\.csv, \S*press\.csv/);
  });

  it('what a list may say about a reader taken from another list is asked before anything is sent', async () => {
    await sandbox.write('letter.md', letter.replace('recipients: list.csv', 'recipients: [members.csv, friends.csv]'));
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 2);
    assert.match(stderr, /letter\.md:5:27: error: The column “Statut” may say who must not get mail: “Désinscrit”/);
    assert.deepEqual(sentTo(), []);
  });

  it('its report names the list of each row, sent or left out', async () => {
    await sandbox.run('send letter.md --yes');
    assert.equal((await sandbox.run('report --csv report.csv')).code, 0);
    const { data } = Papa.parse<Record<string, string>>(await readFile(join(sandbox.folder, 'report.csv'), 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    const at = (row: Record<string, string>) => `${row.list?.split('/').at(-1)}:${row.line} ${row.state} ${row.cause}`;
    assert.deepEqual(data.map(at).sort(), [
      'friends.csv:2 leftOut duplicate',
      'friends.csv:3 sent delivered',
      'friends.csv:4 leftOut unsubscribed',
      'members.csv:2 sent delivered',
      'members.csv:3 sent delivered',
      'members.csv:4 leftOut unsubscribed',
      'members.csv:5 leftOut invalidAddress',
      'press.csv:2 sent delivered',
      'press.csv:3 leftOut duplicate',
    ]);
    const lines = (await sandbox.json('report')).lines.filter(({ event }) => event === 'leftOut');
    assert.equal(lines.length, 5);
  });

  it('a reader who joins one of them later gets it alone, everybody with --again', async () => {
    await sandbox.run('send letter.md --yes');
    await sandbox.write('press.csv', `${press}Fay,fay@x.example\n`);
    assert.equal((await sandbox.run('send letter.md --yes')).code, 0);
    assert.deepEqual(sentTo().slice(-1), ['fay@x.example']);
    assert.equal(server.messages.length, 5);
    assert.equal((await sandbox.run('send letter.md --yes --again')).code, 0);
    assert.equal(server.messages.length, 10);
  });

  it('pause, correct, continue over several lists: the remaining readers of both get the new text, nobody gets both', async () => {
    await sandbox.writeList(12, 'members.csv');
    const rows = Array.from({ length: 12 }, (_, n) => `Reader;friend${n}@x.example;Abonné\n`);
    await sandbox.write('friends.csv', `Nom;Courriel;Statut\n${rows.join('')}`);
    const both = letter.replace('recipients: list.csv', 'recipients: [members.csv, friends.csv]');
    await sandbox.write('letter.md', both);
    await sandbox.writeSettings(server.port, { rate: '10/second', maxConnections: 1 });
    const first = startCli(sandbox.args('send letter.md --yes --json'), { cwd: sandbox.folder });
    try {
      let text = '';
      for await (const chunk of first.stdout ?? []) {
        text += String(chunk);
        if (/"event":"progress".*"sent":[1-9]/.test(text)) break;
      }
      assert.equal((await sandbox.run('pause')).code, 0);
    } finally {
      first.kill('SIGKILL');
      await once(first, 'close');
    }
    const before = server.messages.length;
    await sandbox.write('letter.md', both.replace('this is yours', 'this is new'));
    await sandbox.writeSettings(server.port);
    const corrected = await sandbox.run('correct letter.md --yes');
    assert.equal(corrected.code, 0, corrected.stderr);
    assert.equal(new Set(sentTo()).size, 24);
    const texts = server.messages.map(({ data }) => String(data).includes('this is new'));
    assert.deepEqual(texts, [...Array(before).fill(false), ...Array(24 - before).fill(true)]);
  });

  it('a missing list forbids sending and is named; lists may be named on the command line', async () => {
    await sandbox.write('letter.md', letter.replace('recipients: list.csv', 'recipients: [members.csv, gone.csv]'));
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 2);
    assert.match(stderr, /The list \S*gone\.csv does not exist/);
    const sent = await sandbox.run('send letter.md --yes --recipients press.csv --recipients members.csv');
    assert.equal(sent.code, 0, sent.stderr);
    assert.equal(server.messages.length, 5);
  });
});
