import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let server: SmtpServer;
beforeEach(async () => {
  server = await SmtpServer.start();
  sandbox = await Sandbox.make();
  await sandbox.writeSettings(server.port);
  await sandbox.write(
    'list.csv',
    'email,name\na@example.org,A\nb@news.example.org,B\nc@deep.news.example.org,C\nd@other.example,D\n',
  );
});
afterEach(async () => {
  await server.close();
  await sandbox.remove();
});

for (const [entry, left] of [
  ['example.org', ['b@news.example.org', 'c@deep.news.example.org', 'd@other.example']],
  ['*.example.org', ['a@example.org', 'd@other.example']],
] as const)
  it(`${entry} suppressed means just that`, async () => {
    assert.equal((await sandbox.run(`suppress ${entry}`)).code, 0);
    const { code, stderr } = await sandbox.run('send letter.md --yes');
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.messages.map(({ to }) => to[0]).sort(), left);
  });

for (const entry of ['news.example.org', '*.example.org'])
  it(`an address that is suppressed by ${entry} is not said to be mailed again`, async () => {
    assert.equal((await sandbox.run(`suppress b@news.example.org d@other.example ${entry}`)).code, 0);
    const { stdout } = await sandbox.run('unsuppress b@news.example.org d@other.example');
    assert.match(stdout, /^ {2}d@other\.example: may be mailed again$/m);
    assert.ok(stdout.includes(`  b@news.example.org: still suppressed by ${entry}\n`), stdout);
  });
