import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { letter, Sandbox } from './sandbox.ts';

const LETTER = `${letter.replace('kind: internal\n', 'id: spring\n')}\n[Leave]({{ unsubscribe_url }})\n`;

describe('a state that moves to another machine', () => {
  let first: Sandbox;
  let second: Sandbox;
  let smtp: SmtpServer;
  let file: string;

  before(async () => {
    [first, second, smtp] = await Promise.all([Sandbox.make(), Sandbox.make(), SmtpServer.start()]);
    const more = {
      'envoi.unsubscribe': { url: 'https://news.example.org/u?t={{ token }}' },
      'envoi.postalAddress': '1 Main Street',
    };
    for (const sandbox of [first, second]) {
      await sandbox.write('letter.md', LETTER);
      await sandbox.writeSettings(smtp.port, {}, more);
    }
    // The second machine has a key and a campaign of its own.
    await second.write('own.md', LETTER.replace('id: spring\n', '').replace('list.csv', 'own.csv'));
    await second.write('own.csv', 'email,name\nown@example.org,Own\n');
    for (const [sandbox, name] of [
      [first, 'letter.md'],
      [second, 'own.md'],
    ] as const)
      assert.equal((await sandbox.run(`send ${name} --yes`)).code, 0);
    await first.run('suppress gone@example.org --reason bounced');
    file = join(first.folder, 'moved.state');
    await writeFile(file, 'an older one, readable by all', { mode: 0o644 });
    assert.equal((await first.run(`state export ${file}`)).code, 0);
  });
  after(async () => {
    await smtp.close();
    await Promise.all([first.remove(), second.remove()]);
  });

  const tokenFor = (address: string) => {
    const message = smtp.messages.find(({ to }) => to[0] === address)?.data.toString('latin1') ?? assert.fail(address);
    return /^List-Unsubscribe: <https:[^>]*t=([\w-]{43})>/m.exec(message.replace(/\r\n[ \t]/g, ' '))?.[1] ?? '';
  };

  it('is written for its owner alone', async () => {
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match(await readFile(file, 'utf8'), /^\{"envoi":"state","version":1\}\n[\s\S]*\{"end":true\}\n$/);
  });

  it('an incomplete or invalid export is refused, and nothing is imported from it', async () => {
    const whole = await readFile(file, 'utf8');
    const broken = [
      whole.slice(0, -14),
      whole.replace('"createdAt":', '"createdAt":-'),
      `${whole}{"suppressions":[]}\n`,
      'email\nada@example.org\n',
      '',
      `{"envoi":"state","version":1}\n${'x'.repeat(5_000_000)}`,
    ];
    for (const text of broken) {
      await second.write('broken.state', text);
      const { code, stderr } = await second.run('state import broken.state');
      assert.equal(code, 2);
      assert.match(stderr, /is not a complete state export/);
    }
    assert.match((await second.run(`unsubscribe ${tokenFor('reader1@example.org')}`)).stderr, /belongs to no letter/);
    assert.equal((await second.json('suppressions')).lines.length, 0);
  });

  it('its tokens are recognized there, with both keys; readers who have a letter do not get it again', async () => {
    const imported = await second.json(`state import ${file}`);
    assert.deepEqual(
      [imported.lines[0]?.campaigns, imported.lines[0]?.readers, imported.lines[0]?.suppressions],
      [1, 3, 1],
      imported.stderr,
    );
    const again = await second.json(`state import ${file}`);
    assert.deepEqual([again.lines[0]?.campaigns, again.lines[0]?.readers], [0, 0]);
    assert.match((await second.run(`unsubscribe ${tokenFor('reader2@example.org')}`)).stdout, /reader2@example\.org/);
    assert.match((await second.run(`unsubscribe ${tokenFor('own@example.org')}`)).stdout, /own@example\.org/);
    const suppressed = (await second.json('suppressions')).lines.map(({ entry }) => entry);
    assert.deepEqual(suppressed, ['gone@example.org', 'own@example.org', 'reader2@example.org']);
    smtp.messages.length = 0;
    const { code, stdout } = await second.run('send letter.md --yes');
    assert.equal(code, 0, stdout);
    assert.deepEqual(smtp.messages, []);
  });
});
