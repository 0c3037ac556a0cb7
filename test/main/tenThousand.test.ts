import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Sink } from '../crash/sink.ts';
import { finished, jsonLines, runCli, startCli } from './runCli.ts';

const total = 10_000;
const connections = 5;

describe('ten thousand recipients through a relay', () => {
  let folder = '';
  let sink: Sink;
  let child: ChildProcess | undefined;
  let run = 0;
  let state = '';
  const taken = new EventEmitter();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-many-'));
    const rows = Array.from({ length: total }, (_, n) => `reader${n}@d${n % 50}.example,Reader ${n}`);
    await writeFile(join(folder, 'list.csv'), `email,name\n${rows.join('\n')}\n`);
    await writeFile(
      join(folder, 'letter.md'),
      '---\nsubject: Hello {{ name }}\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\nDear {{ name }}.\n',
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    state = join(folder, `state-${++run}`);
    sink = await Sink.start({
      pipelining: true,
      onStep: (step) => step === 'dot' && taken.emit('dot', sink.total + 1),
    });
    const settings = {
      'envoi.servers': {
        sink: {
          host: '127.0.0.1',
          port: sink.port,
          security: 'none',
          auth: 'none',
          maxConnections: connections,
          maxMessagesPerConnection: 500,
        },
      },
      'envoi.route': ['sink'],
    };
    await writeFile(join(folder, 'envoi.json'), JSON.stringify(settings));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await sink.close();
  });

  const send = () =>
    startCli(['send', 'letter.md', '--config', 'envoi.json', '--state', state, '--yes', '--json'], { cwd: folder });
  const control = (verb: string) => runCli([verb, '--state', state, '--json'], { cwd: folder });

  /** Resolves at the dot of the `count`th message. */
  async function reached(count: number): Promise<void> {
    while (sink.total < count) await once(taken, 'dot');
  }

  function assertOneEach(inDoubt: number): void {
    const twice = [...sink.accepted].filter(([, count]) => count > 1);
    assert.deepEqual(twice, []);
    assert.ok(inDoubt <= connections, `${inDoubt} in doubt`);
    assert.ok(sink.accepted.size + inDoubt >= total, `${total - sink.accepted.size} missing, ${inDoubt} in doubt`);
  }

  it('each get one message although the engine is killed half-way', async () => {
    child = send();
    child.stdout?.resume();
    await reached(total / 2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const resumed = await control('resume');
    const summary = jsonLines(resumed.stdout).at(-1);
    assert.equal(summary?.event, 'summary');
    assertOneEach(Number(summary?.inDoubt));
    assert.equal(Number(summary?.sent) + Number(summary?.inDoubt), total);
    assert.equal(resumed.code, Number(summary?.inDoubt) === 0 ? 0 : 1);
  });

  it('stop within one message per connection when paused, and continue where they were', async () => {
    child = send();
    const ended = finished(child);
    await reached(1000);
    const paused = await control('pause');
    assert.equal(paused.code, 0, paused.stderr);
    const atPause = sink.total;
    const first = await ended;
    assert.equal(first.code, 3, first.stderr);
    assert.ok(sink.total <= atPause + connections, `${sink.total - atPause} after the pause`);
    assert.ok(sink.total < total);
    const resumed = await control('resume');
    assert.equal(resumed.code, 0, resumed.stderr);
    assertOneEach(0);
  });

  it('stop within one message per connection when cancelled, and the rest is never sent', async () => {
    child = send();
    const ended = finished(child);
    await reached(1000);
    const cancelled = await control('cancel');
    assert.equal(cancelled.code, 0, cancelled.stderr);
    const atCancel = sink.total;
    await ended;
    assert.ok(sink.total <= atCancel + connections);
    const status = jsonLines((await control('status')).stdout)[0] as { state: string; counts: Record<string, number> };
    assert.equal(status.state, 'cancelled');
    assert.equal((status.counts.sent ?? 0) + (status.counts.cancelled ?? 0), total);
    assert.equal(status.counts.sent, sink.accepted.size);
  });

  it('are paused cleanly by Ctrl+C, with exit code 3', async () => {
    child = send();
    const ended = finished(child);
    await reached(500);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    assert.equal(code, 3);
    assert.equal(Number(jsonLines(stdout).at(-1)?.sent), sink.total);
  });
});
