import { parseArgs } from 'node:util';
import { attachEngine } from './attach/attachEngine.ts';
import { Daemon } from './engine/daemon/daemon.ts';
import { installLastResort } from './engine/daemon/lastResort.ts';
import { openEngine } from './engine/openEngine.ts';
import { storeDecisions } from './engine/queue/store/storeDamage.ts';
import { failureLine } from './protocol/failureLine.ts';
import { systemClock } from './shared/clock.ts';
import { describeError, UserError } from './shared/errors.ts';
import type { Log } from './shared/log.ts';

/** How long the engine stays when it has nothing to do and nobody is connected. */
const IDLE_MS = 60_000;
/** How long it waits for an engine that is ending, or a command that only looks. */
const LOCK_MS = 30_000;
/** The exit code after an internal error. */
const FAULT = 70;

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    version: { type: 'string' },
    idle: { type: 'string' },
    decision: { type: 'string' },
  },
});
const write = (level: string) => (message: string) =>
  process.stdout.write(`${new Date().toISOString()} ${level} ${message}\n`);
const log: Log = { debug() {}, info: write('info'), warn: write('warning'), error: write('error') };

async function main(): Promise<void> {
  const stateDir = values.state;
  if (!stateDir) throw new Error('--state is missing');
  const daemon = await own(stateDir, values.version ?? '');
  if (!daemon) {
    log.info('another engine owns this state directory');
    return;
  }
  installLastResort({
    log,
    inFlight: () => daemon.inFlight,
    close: () => daemon.close(),
    exit: () => process.exit(FAULT),
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void daemon.close());
  void daemon.closeWhenIdle(Number(values.idle ?? IDLE_MS));
  await daemon.ended;
  log.info('the engine has ended');
}

/** Null when another engine serves this directory. */
async function own(stateDir: string, version: string): Promise<Daemon | null> {
  const labAddresses = process.env.ENVOI_LAB_ADDRESSES ?? '';
  const decision = storeDecisions.find((known) => known === values.decision);
  const createEngine = () => openEngine({ stateDir, log, labAddresses, ...(decision ? { decision } : {}) });
  for (const deadline = Date.now() + LOCK_MS; Date.now() < deadline; await systemClock.sleep(100)) {
    const daemon = await Daemon.start({ stateDir, version, clock: systemClock, log, createEngine });
    if (daemon) return daemon;
    const other = await attachEngine({ stateDir, client: 'cli', version, log });
    other?.dispose();
    if (other) return null;
  }
  throw new Error(`another process holds ${stateDir} and does not answer`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log.error(describeError(error));
    // For the process that started it: the same error, so that it can be shown in another language.
    if (error instanceof UserError) log.error(failureLine(error));
    process.exit(1);
  },
);
