// An engine that meets a fault of its own in mid-campaign: told to by a signal, it throws where nobody catches.
import { Daemon } from '../../../src/engine/daemon/daemon.ts';
import { installLastResort } from '../../../src/engine/daemon/lastResort.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { pinCampaign } from '../../../src/letter/submit.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import { realDraft } from '../../protocol/fakeEngine.ts';

const [stateDir = '', port = '', count = '', how = ''] = process.argv.slice(2);
const write = (message: string) => console.log(message);
const log = { debug() {}, info: write, warn: write, error: write };
const daemon = await Daemon.start({
  stateDir,
  version: '1.0.0',
  clock: systemClock,
  log,
  listen: false,
  createEngine: () => openEngine({ stateDir, log, labAddresses: '127.0.0.0/8' }),
});
if (!daemon) throw new Error('somebody else has the lock');
installLastResort({
  log,
  inFlight: () => daemon.inFlight,
  close: () => daemon.close(),
  exit: () => process.exit(70),
});
process.on('SIGUSR2', () => {
  if (how === 'throws')
    setImmediate(() => {
      throw new Error('thrown where nobody catches');
    });
  else void Promise.reject(new Error('rejected where nobody looks'));
});
const office = { ...defaultServer, host: '127.0.0.1', port: Number(port), security: 'none', auth: 'none' } as const;
await pinCampaign(daemon.engine, {
  campaign: { ...(await realDraft()), settings: { ...defaultSettings, servers: { office }, route: ['office'] } },
  assets: [],
  read: () => Promise.reject(new Error('no files')),
  attachmentPaths: null,
  batches: (async function* () {
    const rows = Array.from({ length: Number(count) }, (_, n) => ({
      line: n + 2,
      address: `r${n}@d${n % 7}.example`,
      fields: { name: `Reader ${n}` },
    }));
    yield { rows, refused: [] };
  })(),
  startAt: 0,
  secrets: {},
});
await daemon.ended;
