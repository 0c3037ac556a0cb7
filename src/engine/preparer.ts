import { createComposer, type DkimKey, type Newsletter, type Stamp } from '../compose/index.ts';
import { takesOurSignature } from '../providers/lookup.ts';
import { msg, UserError } from '../shared/errors.ts';
import { readPlainText } from '../shared/plainFile.ts';
import type { Settings } from '../shared/settings.ts';
import { dkimKeyFor } from '../shared/signing.ts';
import type { CampaignRun } from './queue/run/campaignRun.ts';
import type { Compose } from './queue/run/laneEvents.ts';
import type { CampaignStore } from './queue/store/campaignStore.ts';

/** Compiles what a campaign has pinned. The DKIM key is read from its file each time: it is never stored. */
export async function preparer(run: CampaignRun, campaigns: CampaignStore, key: Uint8Array): Promise<Compose> {
  const newsletter = JSON.parse(campaigns.newsletter(run.key)) as Newsletter;
  const composer = await createComposer(
    newsletter,
    async (path) => campaigns.asset(run.key, path),
    { campaign: run.id, date: run.startedAt, key },
    await readDkimKey(run.settings, newsletter.from.address),
  );
  const stamps = new Map<string, Stamp>();
  const compose: Compose = ({ line, address, fields, datedAt }, transport) => {
    const stamp = stamps.get(transport) ?? stampFor(transport, run.settings);
    stamps.set(transport, stamp);
    return composer.compose({ line, address, fields }, { ...stamp, date: datedAt });
  };
  return Object.assign(compose, { close: () => composer.close() });
}

/** What the message's transport requires; campaigns of older versions do not say. */
export function stampFor(transport: string, { servers, direct }: Settings): Stamp {
  const server = servers[transport];
  if (!server) return { returnPath: direct.returnPath ?? '' };
  const { headers = {}, returnPath = '' } = server;
  return { sign: takesOurSignature(server), headers, returnPath };
}

const MAX_KEY = 1_000_000;

/** The key that signs for the From address; null when none is set. */
export async function readDkimKey(settings: Settings, from: string): Promise<DkimKey | null> {
  const found = dkimKeyFor(settings.dkim, from);
  if (!found) return null;
  const { domain, entry } = found;
  try {
    return { domain, selector: entry.selector, privateKey: await readPlainText(entry.privateKeyFile, MAX_KEY) };
  } catch {
    throw new UserError(
      'dkimKeyMissing',
      msg('The DKIM key {0} cannot be read.', entry.privateKeyFile),
      msg('Put the key there, or correct envoi.dkim. Nothing is sent unsigned.'),
      { file: entry.privateKeyFile, key: 'envoi.dkim' },
    );
  }
}
