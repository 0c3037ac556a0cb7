import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachEngine } from '../attach/attachEngine.ts';
import { Daemon } from '../engine/daemon/daemon.ts';
import { installLastResort } from '../engine/daemon/lastResort.ts';
import { openEngine } from '../engine/openEngine.ts';
import type { StoreDecision } from '../engine/queue/store/storeDamage.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { systemClock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { EXIT, leaveAtOnce, onSignals } from './exit.ts';
import { printError } from './terminal.ts';
import { say } from './words.ts';

export interface EngineConnection {
  engine: EngineApi;
  /** Whether the engine runs in this process, so that sending ends with it. */
  own: boolean;
  /** Resolves when another process's engine is gone. */
  gone: Promise<void>;
  close(): Promise<void>;
}

const quiet: Log = {
  debug() {},
  info() {},
  warn: (message) => process.env.ENVOI_DEBUG && process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${message}\n`),
};

const WAIT_MS = 40_000;
const HINT_AFTER_MS = 2_000;

/**
 * The engine running for this state directory, or one in this process: to send, with other clients allowed to attach, or only
 * to read, without any.
 */
export async function connectEngine(options: {
  stateDir: string;
  version: string;
  purpose: 'send' | 'look';
  /** A person's decision on a damaged store. */
  decision?: StoreDecision | undefined;
}): Promise<EngineConnection> {
  const { stateDir, version, purpose, decision } = options;
  const labAddresses = process.env.ENVOI_LAB_ADDRESSES ?? '';
  const begun = Date.now();
  let hinted = false;
  for (;;) {
    const client = await attachEngine({ stateDir, client: 'cli', version, log: quiet });
    if (client) return { engine: client.api, own: false, gone: client.closed, close: async () => client.dispose() };
    const daemon = await Daemon.start({
      stateDir,
      version,
      clock: systemClock,
      log: quiet,
      listen: purpose === 'send',
      createEngine: () =>
        openEngine({
          stateDir,
          log: quiet,
          labAddresses,
          autostart: purpose === 'send' ? 'asked' : false,
          ...(decision ? { decision } : {}),
        }),
    });
    if (daemon) {
      const undo = guard(daemon, stateDir);
      const close = () => leave(daemon).finally(undo);
      return { engine: daemon.engine, own: true, gone: daemon.ended, close };
    }
    // It holds the lock but does not listen: it is starting, closing, or only reading.
    const waited = Date.now() - begun;
    if (waited > WAIT_MS) break;
    if (!hinted && waited > HINT_AFTER_MS) {
      hinted = true;
      process.stderr.write(`envoi: waiting for another command that uses ${stateDir}\n`);
    }
    await systemClock.sleep(100);
  }
  throw new UserError(
    'engineBusy',
    msg('Another engine is using {0} and does not respond.', stateDir),
    msg('Wait until it exits, or stop it. Nothing was changed.'),
  );
}

/** A second Ctrl+C while it closes: exits at once, with the exit code for “can be resumed”. */
async function leaving(close: () => Promise<void>): Promise<void> {
  const closing = onSignals(leaveAtOnce);
  try {
    await close();
  } finally {
    closing.dispose();
  }
}

/** An error of the engine in this process: one sentence, a log file, and the exit code for “can be resumed”. */
function guard(daemon: Daemon, stateDir: string): () => void {
  const file = join(stateDir, 'engine.log');
  const keep = (level: string) => (message: string) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${level} ${message}\n`, { mode: 0o600 });
    } catch {
      process.stderr.write(`${message}\n`);
    }
  };
  const log: Log = { debug() {}, info: keep('info'), warn: keep('warning'), error: keep('error') };
  return installLastResort({
    log,
    inFlight: () => daemon.inFlight,
    close: () => daemon.close(),
    exit: () => {
      const text = msg(
        'The sending engine stopped because of an internal error. What was sent is recorded on disk, and “envoi resume” continues. Please report this with the log {0}.',
        file,
      );
      printError(`envoi: ${say(text)}`);
      process.exit(EXIT.interrupted);
    },
  });
}

/** While others send through this process it stays; Ctrl+C ends it, and their campaigns can be resumed. */
async function leave(daemon: Daemon): Promise<void> {
  const needed = async () => {
    // It may have closed already, to make way for another version.
    const campaigns = daemon.clients > 0 ? await daemon.engine.list().catch(() => []) : [];
    return campaigns.some((campaign) => campaign.state === 'running');
  };
  if (await needed()) {
    process.stderr.write('envoi: others are sending through this command; it ends when they are done (Ctrl+C: now)\n');
    const stopped = new AbortController();
    const waiting = onSignals(() => (stopped.signal.aborted ? leaveAtOnce() : stopped.abort()));
    while (!stopped.signal.aborted && (await needed())) {
      await systemClock.sleep(200, stopped.signal).catch(() => {});
    }
    waiting.dispose();
  }
  await leaving(() => daemon.close());
}
