import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { startCli } from '../main/runCli.ts';
import { makeAuthority } from '../support/certificates.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

const secret = 'a secret of more than twenty-four characters';
const letter = `---
subject: News
from: Ada <ada@sender.example>
recipients: list.csv
---
Dear {{ name }}

[Leave]({{ unsubscribe_url }})
`;

describe('a reader unsubscribes with one click', () => {
  let sandbox: Sandbox;
  let smtp: SmtpServer;
  let endpoint: ChildProcess;
  let url: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    sandbox = await Sandbox.make();
    smtp = await SmtpServer.start();
    const authority = makeAuthority();
    const { cert, key } = authority.issue(['localhost']);
    await sandbox.write('ca.pem', authority.cert);
    await sandbox.write('cert.pem', cert);
    await sandbox.write('key.pem', key);
    env = { ENVOI_ENDPOINT_SECRET: secret, NODE_EXTRA_CA_CERTS: join(sandbox.folder, 'ca.pem') };
    const args = [
      '--listen',
      'localhost:0',
      '--store',
      'tokens',
      '--name',
      'News',
      '--cert',
      'cert.pem',
      '--key',
      'key.pem',
    ];
    endpoint = startCli(['unsubscribe-server', ...args, '--json'], { cwd: sandbox.folder, env });
    const [line] = (await once(endpoint.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    url = JSON.parse(String(line)).url.replace('127.0.0.1', 'localhost');
    await sandbox.write('letter.md', letter);
    const unsubscribe = { url: `${url}/u?t={{ token }}` };
    await sandbox.writeSettings(
      smtp.port,
      {},
      { 'envoi.unsubscribe': unsubscribe, 'envoi.postalAddress': '1 Main Street' },
    );
  });
  afterEach(async () => {
    endpoint.kill('SIGKILL');
    await smtp.close();
    await sandbox.remove();
  });

  /** What Gmail does on one click. */
  function post(link: string): Promise<number> {
    const script = `fetch(process.argv[1], { method: 'POST', body: 'List-Unsubscribe=One-Click' }).then((answer) => process.exit(answer.status === 200 ? 0 : 1))`;
    const child = spawn(process.execPath, ['-e', script, link], { env: { ...process.env, ...env } });
    return once(child, 'close').then(([code]) => Number(code));
  }
  async function linkOf(address: string): Promise<string> {
    const message = smtp.messages.find(({ to }) => to[0] === address);
    assert.ok(message, address);
    const { headers } = await simpleParser(message.data);
    const raw = message.data.toString('latin1').replace(/\r\n[ \t]/g, ' ');
    assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m, String(headers.get('list')));
    return /^List-Unsubscribe: <(https:[^>]+)>/m.exec(raw)?.[1] ?? '';
  }

  it('the endpoint stores the token, the engine fetches it, and the next letter leaves the reader out', async () => {
    assert.equal((await sandbox.run('send letter.md --yes', env)).code, 0);
    const link = await linkOf('reader2@example.org');
    assert.equal(await post(link), 0);
    const { code, lines } = await sandbox.json('unsubscribe --pull --config envoi.json', env);
    assert.equal(code, 0);
    assert.deepEqual(
      lines.map(({ event, address, before }) => [event, address, before]),
      [['unsubscribed', 'reader2@example.org', false]],
    );
    assert.deepEqual((await sandbox.json('unsubscribe --pull --config envoi.json', env)).lines, []);
    const [suppression] = (await sandbox.json('suppressions', env)).lines;
    assert.deepEqual([suppression?.entry, suppression?.reason], ['reader2@example.org', 'unsubscribed']);
    smtp.messages.length = 0;
    await sandbox.write('next.md', letter.replace('subject: News', 'subject: More news'));
    await sandbox.run('send next.md --yes', env);
    assert.deepEqual(smtp.messages.map(({ to }) => to[0]).sort(), ['reader1@example.org', 'reader3@example.org']);
  });

  it('a token, or the link, entered by hand; a forged one is reported as belonging to no letter', async () => {
    assert.equal((await sandbox.run('send letter.md --yes', env)).code, 0);
    const link = await linkOf('reader1@example.org');
    const forged = 'x'.repeat(43);
    const { code, stdout, stderr } = await sandbox.run(`unsubscribe ${link} ${forged}`);
    assert.equal(code, 1);
    assert.match(stdout, /reader1@example\.org +unsubscribed/);
    assert.match(stderr, /x{43}: belongs to no letter/);
    assert.match((await sandbox.run(`unsubscribe ${link}`)).stdout, /was already unsubscribed/);
    await sandbox.run('report --csv report.csv');
    const [header, , second] = (await readFile(join(sandbox.folder, 'report.csv'), 'utf8')).split('\r\n');
    const token = second?.split(',')[header?.split(',').indexOf('token') ?? -1];
    assert.match((await sandbox.run(`unsubscribe ${token}`)).stdout, /reader2@example\.org +unsubscribed/);
    assert.match((await sandbox.run(`unsubscribe '${token}`)).stdout, /was already unsubscribed/);
    const dashed = ['-', '--', '-y'].map((beginning) => beginning.padEnd(43, 'z'));
    const strangers = await sandbox.json(`unsubscribe ${dashed.join(' ')} ${token}`);
    assert.deepEqual(
      strangers.lines.map(({ event, token: unknown, address }) => [event, address ?? unknown]),
      [['unsubscribed', 'reader2@example.org'], ...dashed.map((each) => ['unknownToken', each])],
    );
    const bad = await sandbox.run('unsubscribe not-a-token');
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /“not-a-token” is not an unsubscribe token/);
  });

  it('sending a letter first fetches who has unsubscribed, and says when it cannot', async () => {
    assert.equal((await sandbox.run('send letter.md --yes', env)).code, 0);
    assert.equal(await post(await linkOf('reader3@example.org')), 0);
    smtp.messages.length = 0;
    await sandbox.write('next.md', letter);
    const { lines } = await sandbox.json('send next.md --yes', env);
    assert.equal(lines[0]?.address, 'reader3@example.org');
    assert.deepEqual(smtp.messages.map(({ to }) => to[0]).sort(), ['reader1@example.org', 'reader2@example.org']);
    endpoint.kill('SIGKILL');
    await once(endpoint, 'close');
    await sandbox.write('third.md', letter);
    const third = await sandbox.run('send third.md --yes', env);
    assert.match(third.stderr, /warning: The unsubscribe endpoint .* could not be reached.*No unsubscribe is lost/);
    assert.equal(third.code, 0);
  });

  it('a wrong secret is reported, and loses nothing', async () => {
    assert.equal((await sandbox.run('send letter.md --yes', env)).code, 0);
    assert.equal(await post(await linkOf('reader3@example.org')), 0);
    const other = { ...env, ENVOI_ENDPOINT_SECRET: 'another secret of more than twenty-four characters' };
    const { code, stderr } = await sandbox.run('unsubscribe --pull --config envoi.json', other);
    assert.equal(code, 2);
    assert.match(stderr, /answered 403 wrongSecret.*same secret on both sides/);
    assert.equal((await sandbox.json('unsubscribe --pull --config envoi.json', env)).lines.length, 1);
  });
});
