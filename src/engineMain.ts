import { parseArgs } from 'node:util';
import { Daemon } from './engine/daemon/daemon.ts';
import { openEngine } from './engine/openEngine.ts';
import { systemClock } from './shared/clock.ts';
import { describeError } from './shared/errors.ts';
import type { Log } from './shared/log.ts';

/** How long the engine stays when it has nothing to do and nobody is connected. */
const IDLE_MS = 60_000;

const { values } = parseArgs({ options: { state: { type: 'string' }, version: { type: 'string' } } });
const write = (level: string) => (message: string) =>
  process.stdout.write(`${new Date().toISOString()} ${level} ${message}\n`);
const log: Log = { debug() {}, info: write('info'), warn: write('warning'), error: write('error') };

async function main(): Promise<void> {
  const stateDir = values.state;
  if (!stateDir) throw new Error('--state is missing');
  const labAddresses = process.env.ENVOI_LAB_ADDRESSES ?? '';
  const daemon = await Daemon.open({
    stateDir,
    version: values.version ?? '',
    clock: systemClock,
    log,
    open: () => openEngine({ stateDir, log, labAddresses }),
  });
  if (!daemon) {
    log.info('another engine owns this state directory');
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void daemon.close());
  void daemon.closeWhenIdle(IDLE_MS);
  await daemon.ended;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log.error(describeError(error));
    process.exit(1);
  },
);
