import { Daemon } from '../engine/daemon/daemon.ts';
import { openEngine } from '../engine/openEngine.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { attachEngine } from '../protocol/engineConnection.ts';
import { systemClock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

export interface Door {
  engine: EngineApi;
  /** Whether the engine runs in this process, so that sending ends with it. */
  own: boolean;
  /** Resolves when a foreign engine is gone. */
  gone: Promise<void>;
  close(): Promise<void>;
}

const quiet: Log = {
  debug() {},
  info() {},
  warn: (message) => process.env.ENVOI_DEBUG && process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${message}\n`),
};

/** The engine that runs on this state directory, or one in this process that others can attach to. */
export async function openDoor(options: { stateDir: string; version: string; autostart: boolean }): Promise<Door> {
  const { stateDir, version, autostart } = options;
  for (let tries = 0; tries < 20; tries++) {
    const client = await attachEngine({ stateDir, client: 'cli', version, log: quiet });
    if (client) {
      const close = async () => client.dispose();
      return { engine: client.api, own: false, gone: client.closed, close };
    }
    const labAddresses = process.env.ENVOI_LAB_ADDRESSES ?? '';
    const daemon = await Daemon.open({
      stateDir,
      version,
      clock: systemClock,
      log: quiet,
      open: () => openEngine({ stateDir, log: quiet, labAddresses, autostart }),
    });
    if (daemon) return { engine: daemon.engine, own: true, gone: daemon.ended, close: () => daemon.close() };
    // It holds the lock but does not listen yet, or is just ending.
    await systemClock.sleep(250);
  }
  throw new UserError(
    'engineBusy',
    msg('Another engine owns {0} and does not answer.', stateDir),
    msg('Wait until it ends, or end it; nothing was changed.'),
  );
}
