import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Attention } from '../../src/shared/campaign.ts';
import { finished, jsonLines } from '../main/runCli.ts';
import { SmtpServer } from '../support/smtpServer.ts';

const sender = resolve(import.meta.dirname, 'fullDisk.ts');
const total = 1200;
const list = Array.from({ length: total }, (_, n) => `r${n}@d${n % 7}.example`).sort();

/** A small disk of its own for one command, gone with it. */
const onSmallDisk = (folder: string, ...command: string[]): [string, string[]] => [
  'unshare',
  ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=12m envoi "$0" && exec "$@"', folder, ...command],
];

function whyNot(): string {
  if (process.platform !== 'linux') return 'a small disk is made with mount namespaces, which only Linux has';
  try {
    const [command, args] = onSmallDisk(tmpdir(), 'true');
    execFileSync(command, args, { stdio: 'pipe' });
    return '';
  } catch (error) {
    return `this machine does not permit mount namespaces: ${String(error).split('\n').at(1) ?? ''}`;
  }
}

describe('a disk that fills up during a campaign', { skip: whyNot() || false }, () => {
  let folder = '';
  let server: SmtpServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-disk-'));
    server = await SmtpServer.start();
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(how: 'stay' | 'restart') {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    const [command, args] = onSmallDisk(folder, ...node, sender, folder, String(server.port), String(total), how);
    const { code, stdout, stderr } = await finished(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    assert.equal(code, 0, stdout + stderr);
    return new Map(jsonLines(stdout).map((line) => [line.step, line]));
  }

  for (const how of ['stay', 'restart'] as const) {
    const title = how === 'stay' ? '' : ', also by an engine that is started anew';
    it(`stops the campaign with the reason, and it continues when there is room${title}: lost 0, twice 0`, async (t) => {
      const steps = await run(how);
      const full = steps.get('full') ?? assert.fail();
      assert.equal(full.state, 'needsAction');
      const [attention] = full.attention as Attention[];
      assert.equal(attention?.kind, 'diskFull');
      const { sent = 0 } = full.counts as Record<string, number>;
      assert.ok(sent >= 50 && sent < total, `${sent} were sent when it was full`);
      for (const step of ['second', ...(how === 'restart' ? ['opened'] : [])]) {
        const failed = steps.get(step);
        assert.deepEqual([step, failed?.known], [step, true], JSON.stringify(failed));
        assert.match(String(failed?.error), /could not be written: .*full.*Make room/);
      }
      const got = server.messages.map(({ to }) => to[0] ?? '');
      assert.equal(new Set(got).size, got.length, 'nobody twice');
      const { doubtful, counts } = steps.get('done') as { doubtful: string[]; counts: Record<string, number> };
      assert.deepEqual([...new Set([...got, ...doubtful])].sort(), list, 'nobody lost');
      assert.ok(doubtful.length <= (how === 'stay' ? 0 : 2), `${doubtful.length} in doubt`);
      assert.equal((counts.sent ?? 0) + (counts.inDoubt ?? 0), total);
      t.diagnostic(JSON.stringify([...steps.values()]));
    });
  }
});
