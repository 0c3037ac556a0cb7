import { createComposer, type DkimKey, type Newsletter } from '../compose/index.ts';
import { domainOf } from '../shared/address.ts';
import { msg, UserError } from '../shared/errors.ts';
import { readPlainText } from '../shared/plainFile.ts';
import type { Settings } from '../shared/settings.ts';
import type { Prepared } from './queue/run/laneEvents.ts';
import type { Run } from './queue/run/run.ts';
import type { CampaignStore } from './queue/store/campaignStore.ts';
import type { Item } from './queue/store/item.ts';

/** Compiles what a campaign has pinned. The DKIM key is read from its file now: it is never stored. */
export async function preparer(
  run: Run,
  campaigns: CampaignStore,
  key: Uint8Array,
): Promise<(item: Item) => Promise<Prepared>> {
  const newsletter = JSON.parse(campaigns.newsletter(run.key)) as Newsletter;
  const composer = await createComposer(
    newsletter,
    async (path) => campaigns.asset(run.key, path),
    { campaign: run.id, date: run.startedAt, key },
    await readDkimKey(run.settings, newsletter.from.address),
  );
  return ({ line, address, fields, datedAt }) => composer.compose({ line, address, fields }, datedAt);
}

const MAX_KEY = 1_000_000;

/** The key of the From domain or of the nearest parent that has one; null when none is set. */
async function readDkimKey(settings: Settings, from: string): Promise<DkimKey | null> {
  for (let domain = domainOf(from); domain.includes('.'); domain = domain.slice(domain.indexOf('.') + 1)) {
    const entry = settings.dkim[domain];
    if (!entry) continue;
    try {
      return { domain, selector: entry.selector, privateKey: await readPlainText(entry.privateKeyFile, MAX_KEY) };
    } catch {
      throw new UserError(
        'dkimKeyMissing',
        msg('The DKIM key {0} cannot be read.', entry.privateKeyFile),
        msg('Put it there, or correct envoi.dkim. Nothing is sent unsigned.'),
        { file: entry.privateKeyFile, key: 'envoi.dkim' },
      );
    }
  }
  return null;
}
