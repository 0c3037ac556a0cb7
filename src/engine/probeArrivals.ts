import type { EngineApi, WatchedMailbox } from '../protocol/engineApi.ts';
import { expectedIn } from '../shared/arrivalWords.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { ProbeArrivals } from '../shared/serverProbe.ts';
import type { SentTest } from './probe/runProbe.ts';

/** How long, and how often, to look for the messages. */
const LOOK_MS = 60_000;
const LOOK_EVERY_MS = 3_000;

interface Ports {
  clock: Clock;
  log: Log;
  findArrivals: EngineApi['findArrivals'];
  signal: AbortSignal;
}

type Placement = 'inbox' | 'junk' | 'other';

/**
 * Looks in the person's mailboxes for the messages of an in-depth test, until all expected ones are there, or a minute has
 * passed. null when there is nothing to look for, or no mailbox in which any would be.
 */
export async function lookForAll(
  mailboxes: readonly WatchedMailbox[],
  sent: readonly SentTest[],
  ports: Ports,
): Promise<ProbeArrivals | null> {
  const { clock, signal } = ports;
  if (mailboxes.length === 0 || sent.length === 0 || signal.aborted) return null;
  const until = clock.now() + LOOK_MS;
  for (;;) {
    const seen = await look(mailboxes, sent, ports);
    const over = clock.now() >= until || signal.aborted;
    if (over || (seen && seen.missing === 0)) return seen;
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  }
}

async function look(
  mailboxes: readonly WatchedMailbox[],
  sent: readonly SentTest[],
  { findArrivals, log }: Ports,
): Promise<ProbeArrivals | null> {
  const rows = sent.map(({ to, messageId }) => ({ address: to, messageId }));
  const expected = new Set<string>();
  const places = new Map<string, Placement>();
  for (const { mailbox, secret } of mailboxes) {
    const messageIds = expectedIn(mailbox, rows);
    try {
      const found = await findArrivals({ mailbox, secret, messageIds });
      for (const { messageId, placement } of found) places.set(messageId, placement);
      for (const id of belonging(rows, messageIds, new Set(found.map(({ messageId }) => messageId)))) expected.add(id);
    } catch (error) {
      log.warn(`a mailbox could not be read after an in-depth test: ${String(error)}`);
    }
  }
  if (expected.size === 0) return null;
  const junk = [...places.values()].filter((place) => place === 'junk').length;
  const missing = [...expected].filter((id) => !places.has(id)).length;
  return { inbox: places.size - junk, junk, missing };
}

/** Those to addresses that a mailbox holds messages for, or whose name it has. */
function belonging(
  rows: readonly { address: string; messageId: string }[],
  messageIds: readonly string[],
  found: ReadonlySet<string>,
): string[] {
  const own = rows.filter(({ messageId }) => messageIds.includes(messageId));
  if (own.length < rows.length) return [...messageIds];
  const addresses = new Set(own.filter(({ messageId }) => found.has(messageId)).map(({ address }) => address));
  const single = new Set(own.map(({ address }) => address)).size === 1;
  return own.filter(({ address }) => single || addresses.has(address)).map(({ messageId }) => messageId);
}
