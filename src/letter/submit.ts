import { randomUUID } from 'node:crypto';
import type { SealedList } from '../compose/recipients/readLists.ts';
import type { CampaignDraft, EngineApi } from '../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';

export interface PinRequest {
  campaign: CampaignDraft;
  assets: readonly string[];
  read: (path: string) => Promise<Uint8Array>;
  /** Attachments that differ by recipient, or null. */
  attachmentPaths: ((recipient: Recipient) => string[]) | null;
  batches: AsyncIterable<{ rows: readonly Recipient[]; refused: readonly RefusedRow[] }>;
  startAt: number;
  secrets: Record<string, string>;
  /** Called after every batch with the rows handed over so far; throwing ends it, and nothing is sent. */
  onProgress?: (rows: number) => void;
}

/**
 * Hands a whole campaign to the engine. When it rejects the draft is gone and nothing was or will be sent; only after the
 * UserError `startUnknown` it may be sending all the same.
 */
export async function pinCampaign(engine: EngineApi, request: PinRequest): Promise<CampaignSnapshot> {
  const draft = newCampaignId();
  const { attachmentPaths } = request;
  let sequence = 0;
  let rows = 0;
  const pinned = new Set<string>();
  const pin = async (path: string) => {
    if (pinned.has(path)) return;
    pinned.add(path);
    await engine.addAsset({ draft, path, content: await request.read(path) });
  };
  try {
    await engine.createDraft({ draft, campaign: request.campaign });
    for (const path of request.assets) await pin(path);
    for await (const batch of together(request.batches)) {
      if (attachmentPaths) for (const row of batch.rows) for (const path of attachmentPaths(row)) await pin(path);
      await engine.addRows({ draft, sequence: sequence++, rows: batch.rows, refused: batch.refused });
      rows += batch.rows.length;
      request.onProgress?.(rows);
    }
  } catch (error) {
    await engine.discard({ draft }).catch(() => {});
    throw error;
  }
  try {
    return await engine.start({ draft, startAt: request.startAt, secrets: request.secrets });
  } catch (error) {
    if (error instanceof UserError && error.code === 'engineGone') throw startUnknown(draft);
    await engine.discard({ draft }).catch(() => {});
    throw error;
  }
}

/** Rows handed over at once: each hand-over is synced to disk. */
const ROWS = 1000;

async function* together(batches: PinRequest['batches']): PinRequest['batches'] {
  let rows: Recipient[] = [];
  let refused: RefusedRow[] = [];
  for await (const batch of batches) {
    rows = rows.length === 0 ? [...batch.rows] : [...rows, ...batch.rows];
    refused = refused.length === 0 ? [...batch.refused] : [...refused, ...batch.refused];
    if (rows.length + refused.length < ROWS) continue;
    yield { rows, refused };
    [rows, refused] = [[], []];
  }
  if (rows.length + refused.length > 0) yield { rows, refused };
}

function startUnknown(campaign: string): UserError {
  return new UserError(
    'startUnknown',
    msg('The connection to the sending engine ended just as campaign {0} was starting: it may be sending.', campaign),
    msg('Check the list of campaigns before you send again.'),
  );
}

/** The lists of a letter as a campaign keeps them; `pathOf` where findings name them otherwise. */
export function pinnedLists(
  list: { lists: readonly SealedList[] } | null,
  pathOf = (file: string) => file,
): CampaignDraft['recipients'] {
  const [first, ...more] = (list?.lists ?? []).map(({ file, sha256 }) => ({ path: pathOf(file), sha256 }));
  return { ...(first ?? { path: '', sha256: '' }), ...(more.length > 0 ? { more } : {}) };
}

/** Sorts by time, reads well in a terminal: `20261123-1030-k3f9`. */
export function newCampaignId(now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 13);
  return `${stamp}-${randomUUID().slice(0, 4)}`;
}
