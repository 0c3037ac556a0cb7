import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const mailchimp = `Email Address,Name,Status,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED
ann@x.example,Ann,subscribed,2,2024-01-01,2024-01-01
bo@x.example,Bo,unsubscribed,2,2024-01-01,2024-01-01
cy@x.example,Cy,cleaned,2,2024-01-01,2024-01-01
di@x.example,Di,pending,2,2024-01-01,2024-01-01
`;

describe('a list that says who has left', () => {
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
  const sentTo = () => server.messages.map(({ to }) => to[0]).sort();
  const head = (line: string) => letter.replace('kind: internal\n', `kind: internal\n${line}\n`);

  it('counts those left out by reason, and mails only the others', async () => {
    await sandbox.write('list.csv', mailchimp);
    const checked = await sandbox.run('check letter.md');
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(checked.stdout, /1 recipient; ready to send/);
    assert.match(checked.stdout, /Left out: 1 unsubscribed, 1 cleaned, 1 not confirmed/);
    assert.match(checked.stdout, /List: Mailchimp export, UTF-8, addresses from “Email Address”/);
    const { lines } = await sandbox.json('check letter.md');
    const counts = lines.find(({ event }) => event === 'checked')?.leftOut as Record<string, number>;
    assert.deepEqual([counts.unsubscribed, counts.cleaned, counts.pending, counts.bounced], [1, 1, 1, 0]);
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.match(sent.stdout, /left out:?\s+1 unsubscribed, 1 cleaned, 1 not confirmed/i);
    assert.deepEqual(sentTo(), ['ann@x.example']);
  });

  it('sends nothing while the meaning of a column is unclear, and then does what the author says', async () => {
    await sandbox.write('list.csv', 'email,name,Statut\nann@x.example,Ann,abonné\nbo@x.example,Bo,désabonné\n');
    const refused = await sandbox.run('send letter.md --yes');
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /letter\.md:5:13: error: The column “Statut” may say who must not get mail: “désabonné”/,
    );
    assert.match(refused.stderr, /leaveOut: \{ "Statut": \["désabonné"\] \}/);
    assert.deepEqual(sentTo(), []);
    await sandbox.write('letter.md', head('leaveOut: { "Statut": ["désabonné"] }'));
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(sentTo(), ['ann@x.example']);
  });

  it('refuses a misspelt name of a column that leaves people out', async () => {
    await sandbox.write('list.csv', 'email,name,Statut\nann@x.example,Ann,a\nbo@x.example,Bo,b\n');
    await sandbox.write('letter.md', head('leaveOut: { Satut: [b] }'));
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 2);
    assert.match(stderr, /“leaveOut” names the column “Satut”, which the list does not have/);
    assert.deepEqual(sentTo(), []);
  });

  it('leaves out a reader who unsubscribed on a later line', async () => {
    await sandbox.write(
      'list.csv',
      'email,name,unsubscribed\nann@x.example,Ann,no\nbo@x.example,Bo,no\nann@x.example,Ann,yes\n',
    );
    const sent = await sandbox.run('send letter.md --yes');
    assert.equal(sent.code, 0, sent.stderr);
    assert.deepEqual(sentTo(), ['bo@x.example']);
  });

  it('does not send to a list on which everybody has unsubscribed', async () => {
    await sandbox.write(
      'list.csv',
      'Email Address,name,UNSUB_TIME,UNSUB_REASON\nann@x.example,A,2024-05-01 10:00:00,NORMAL\n',
    );
    for (const words of ['check letter.md', 'send letter.md --yes']) {
      const { code, stderr } = await sandbox.run(words);
      assert.equal(code, 2);
      assert.match(stderr, /No recipient on the list can be mailed/);
    }
  });

  it('uses the column in which most rows have an address, says so, and the author may choose another', async () => {
    const rows = [1, 2, 3, 4].map((n) => `R${n},reader${n}@x.example,\n`).join('');
    await sandbox.write(
      'list.csv',
      `name,E-mail 1 - Value,E-mail 2 - Value\n${rows}Bad,nobody,\nTwo,r5@x.example,second@y.example\n`,
    );
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /Addresses are read from the column “E-mail 1 - Value”; “E-mail 2 - Value” contains addresses too/,
    );
    assert.equal(server.messages.length, 5);
    await sandbox.write('letter.md', head('address: E-mail 2 - Value'));
    const other = await sandbox.run('check letter.md');
    assert.match(other.stdout, /1 recipient; ready/);
    await sandbox.write('letter.md', head('address: E-mail 3 - Value'));
    const wrong = await sandbox.run('check letter.md');
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /letter\.md:5:10: error: The list has no column “E-mail 3 - Value”; its columns are name/,
    );
  });
});
