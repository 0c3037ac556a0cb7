import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from '../../src/engine/daemon/daemon.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { pinCampaign } from '../../src/letter/submit.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { describeError, UserError } from '../../src/shared/errors.ts';
import { realDraft } from '../protocol/fakeEngine.ts';

/*
 * Sends over an engine whose state directory is on the small disk given, and fills that disk on the way. Every step is
 * told as a line of JSON. With "restart" the engine is closed and opened again while there is no room.
 */

const [disk = '', port = '', rows = '', how = ''] = process.argv.slice(2);
const errors: string[] = [];
const log = { debug() {}, info() {}, warn() {}, error: (message: string) => void errors.push(message) };
const stateDir = join(disk, 'state');
async function open(): Promise<Daemon> {
  const daemon = await Daemon.start({
    stateDir,
    version: '1.0.0',
    clock: systemClock,
    log,
    listen: false,
    createEngine: () => openEngine({ stateDir, log, labAddresses: '127.0.0.0/8' }),
  });
  if (!daemon) throw new Error('somebody else has the lock');
  return daemon;
}
const tell = (step: string, more: object) => console.log(JSON.stringify({ step, ...more }));
const ballast = join(disk, 'ballast');

function fill(): void {
  const file = openSync(ballast, 'w');
  for (let size = 65_536; size >= 1; size >>= 4) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

let daemon = await open();
const failure = (error: unknown) => ({ error: describeError(error), known: error instanceof UserError });
const office = { ...defaultServer, host: '127.0.0.1', port: Number(port), security: 'none', auth: 'none' } as const;
const campaign = { ...(await realDraft()), settings: { ...defaultSettings, servers: { office }, route: ['office'] } };
const { id } = await pinCampaign(daemon.engine, {
  campaign,
  assets: [],
  read: () => Promise.reject(new Error('no files')),
  attachmentPaths: null,
  batches: (async function* () {
    const list = Array.from({ length: Number(rows) }, (_, n) => ({
      line: n + 2,
      address: `r${n}@d${n % 7}.example`,
      fields: { name: `Reader ${n}` },
    }));
    yield { rows: list, refused: [] };
  })(),
  startAt: 0,
  secrets: {},
});

function until(fits: (snapshot: CampaignSnapshot) => boolean): Promise<CampaignSnapshot> {
  return new Promise((resolve, reject) => {
    const look = (snapshot: CampaignSnapshot) => {
      if (!fits(snapshot)) return;
      watch.dispose();
      resolve(snapshot);
    };
    const { engine } = daemon;
    const watch = engine.onChange(look);
    engine.get({ campaign: id }).then(look, reject);
  });
}

await until(({ counts }) => counts.sent >= 50);
fill();
const { state, attention } = await until((snapshot) => snapshot.state !== 'running');
const { counts } = await daemon.engine.get({ campaign: id });
tell('full', { state, attention, counts });

const text = 'x'.repeat(1_000_000);
const large = { ...campaign, document: { ...campaign.document, text } };
await daemon.engine.createDraft({ draft: 'second', campaign: large }).then(
  () => tell('second', {}),
  (error: unknown) => tell('second', failure(error)),
);
await daemon.engine.resume({ campaign: id, secrets: {} }).then(
  async () => tell('resumed', { state: (await until((snapshot) => snapshot.state !== 'running')).state }),
  (error: unknown) => tell('resumed', failure(error)),
);

if (how === 'restart') {
  await daemon.close();
  // SQLite gives back the room of its log when it closes.
  fill();
  await open().then(
    async (opened) => {
      daemon = opened;
      tell('opened', {});
      await daemon.close();
    },
    (error: unknown) => tell('opened', failure(error)),
  );
}
rmSync(ballast);
if (how === 'restart') daemon = await open();
await daemon.engine.resume({ campaign: id, secrets: {} });
const done = await until((snapshot) => snapshot.state === 'done');
const doubtful = await daemon.engine.report({ campaign: id, states: ['inDoubt'], after: 0, limit: 100 });
tell('done', { counts: done.counts, doubtful: doubtful.map(({ address }) => address), errors: errors.length });
await daemon.close();
