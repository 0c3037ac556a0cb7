import { once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { messageIdLocal, unsubscribeToken } from '../compose/index.ts';
import type { Bounce, MailboxCursor, ReturnedMessage } from '../mailbox/index.ts';
import type { MailboxReading, Suppression, WatchedMailbox } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import type { Cause, Reply, Verdict } from '../shared/outcome.ts';
import { mailboxAccount } from '../shared/settings.ts';
import type { KeyRing } from './keyRing.ts';
import { mailForPerson } from './mailForPerson.ts';
import type { Runner } from './queue/run/runner.ts';
import type { RunnerDeps } from './queue/run/runnerDeps.ts';
import { CampaignStore } from './queue/store/campaignStore.ts';
import { DeliveryStore } from './queue/store/deliveryStore.ts';
import { ReturnedMailStore } from './queue/store/returnedMailStore.ts';
import { type ReturnedRow, ReturnStore } from './queue/store/returnStore.ts';
import { findRecorded, type Recorded } from './recorded.ts';
import { ReturnedSuppressions } from './returnedSuppressions.ts';

/** How far back the first reading of a mailbox goes. */
const FIRST_LOOK_MS = 30 * 86_400_000;
/** Messages whose marks are looked up together: each lookup may go over all recorded recipients. */
const TOGETHER = 500;
const NO_REPLY: Reply = { code: 0, enhanced: '', text: '' };

export interface ReturnDeps {
  clock: Pick<Clock, 'now'>;
  judge: RunnerDeps['judge'];
  /** An address must not be mailed any more. */
  onSuppressed: () => void;
  /** Dead mailboxes and complaints of a campaign, before a batch of mail and after it. */
  onReturns: Runner['cameBack'];
}

/**
 * Reads what came back to a mailbox and acts on it. A message acts only on the reader whom a mark of ours proves it to be about:
 * the Message-ID or return path of one letter to one reader, or an unsubscribe token; or on its own sender, where the
 * mailbox's server vouches for them. Everything else is counted and shown, and changes nothing.
 */
export class Returns {
  readonly #campaigns: CampaignStore;
  readonly #deliveries: DeliveryStore;
  readonly #follow: ReturnedSuppressions;
  readonly #store: ReturnStore;
  readonly #mail: ReturnedMailStore;
  readonly #keys: KeyRing;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #judge: RunnerDeps['judge'];
  readonly #onSuppressed: () => void;
  readonly #onReturns: ReturnDeps['onReturns'];
  readonly #readings = new Map<string, Promise<void>>();

  constructor(database: DatabaseSync, keys: KeyRing, deps: ReturnDeps) {
    this.#campaigns = new CampaignStore(database);
    this.#deliveries = new DeliveryStore(database);
    this.#follow = new ReturnedSuppressions(database, deps.clock);
    this.#store = new ReturnStore(database);
    this.#mail = new ReturnedMailStore(database);
    this.#keys = keys;
    this.#clock = deps.clock;
    this.#judge = deps.judge;
    this.#onSuppressed = deps.onSuppressed;
    this.#onReturns = deps.onReturns;
  }

  /** How far a mailbox has been read. */
  cursor(account: string): MailboxCursor {
    return this.#store.cursor(account);
  }

  /**
   * One reading of a mailbox at a time: a second one waits, and finds only what arrived meanwhile. The signal ends the waiting, too;
   * it rejects with the signal's reason then.
   */
  read(request: WatchedMailbox, signal?: AbortSignal): Promise<MailboxReading> {
    const account = mailboxAccount(request.mailbox);
    const before = this.#readings.get(account) ?? Promise.resolve();
    const reading = unlessAborted(before, signal).then(() => this.#read(request, signal));
    this.#readings.set(
      account,
      Promise.allSettled([before, reading]).then(() => {}),
    );
    return reading;
  }

  async #read({ mailbox, secret }: WatchedMailbox, signal: AbortSignal | undefined): Promise<MailboxReading> {
    const account = mailboxAccount(mailbox);
    const reading: Tally = new Tally();
    const { readMailbox } = await import('../mailbox/index.ts');
    const since = new Date(this.#clock.now() - FIRST_LOOK_MS);
    let waiting: ReturnedMessage[] = [];
    let reached: MailboxCursor | null = null;
    const take = async () => {
      if (reached) await this.#take(waiting, { account, cursor: reached }, reading);
      waiting = [];
    };
    try {
      const access = { settings: mailbox, secret, ...(signal && { signal }) };
      for await (const { mails, cursor } of readMailbox(access, this.#store.cursor(account), since)) {
        waiting.push(...mails);
        reached = cursor;
        if (waiting.length >= TOGETHER) await take();
      }
    } finally {
      // What was read before the connection broke counts, too.
      await take();
    }
    return reading;
  }

  async #take(
    mails: readonly ReturnedMessage[],
    { account, cursor }: { account: string; cursor: MailboxCursor },
    reading: Tally,
  ): Promise<void> {
    const whom = await this.#whom(mails);
    // What acts on nobody is not stored: anyone who knows the address could fill the disk with it.
    const rows = mails
      .flatMap((mail) => this.#rowOf(mail, whom(mail), reading))
      .filter(({ about, hard }) => about || hard);
    const keys = [...new Set(rows.flatMap(({ about }) => (about ? [about.campaignKey] : [])))];
    const now = this.#clock.now();
    const isDead = (bounce: Bounce) => this.#isDead(bounce);
    const forPerson = mails.flatMap((mail) => mailForPerson(mail, whom(mail), { account, now, isDead }) ?? []);
    this.#mail.add(forPerson, now);
    const counts = keys.map((key) => ({ key, before: this.#store.returnCounts(key) }));
    const { added, takenBack, doubted } = this.#store.add(rows, (fresh) => {
      this.#store.keepCursor(account, cursor);
      return this.#follow.follow(fresh);
    });
    reading.doubted += doubted;
    reading.suppressed = [...reading.suppressed.filter(({ entry }) => !takenBack.includes(entry)), ...added];
    for (const { key, before } of counts) this.#onReturns(key, before, this.#store.returnCounts(key));
    if (added.length > 0) this.#onSuppressed();
  }

  /** For a batch: whose marks and tokens its messages carry. */
  async #whom(mails: readonly ReturnedMessage[]): Promise<(mail: ReturnedMessage) => Recorded | undefined> {
    const stores = { campaigns: this.#campaigns, deliveries: this.#deliveries };
    const now = this.#clock.now();
    const find = (marks: string[], markOf: typeof messageIdLocal) =>
      findRecorded(marks, stores, (campaign, address) => markOf(this.#keys.of(campaign), campaign, address), now);
    const marks = await find(
      mails.flatMap((mail) => mail.marks),
      messageIdLocal,
    );
    const tokens = await find(
      mails.flatMap((mail) => (mail.said.kind === 'leave' ? mail.tokens : [])),
      unsubscribeToken,
    );
    const senders = await find(
      mails.flatMap((mail) => (mail.said.kind === 'reply' ? [mail.from.toLowerCase()] : [])),
      (_, __, address) => address.toLowerCase(),
    );
    return (mail) => {
      if (mail.said.kind === 'leave') return firstOf(mail.tokens, tokens) ?? firstOf(mail.marks, marks);
      const marked = firstOf(mail.marks, marks);
      return mail.said.kind === 'reply' ? (marked ?? senders.get(mail.from.toLowerCase())) : marked;
    };
  }

  #rowOf(mail: ReturnedMessage, about: Recorded | undefined, reading: Tally): ReturnedRow[] {
    const { said } = mail;
    const now = this.#clock.now();
    const at = mail.at > 0 ? Math.min(mail.at, now) : now;
    reading.read++;
    const row = (kind: ReturnedRow['kind'], address: string, more: Partial<ReturnedRow> = {}): ReturnedRow[] => {
      const proven = about ? { campaignKey: about.campaignKey, delivery: about.delivery } : null;
      if (!about && !more.hard) reading.unproven++;
      else reading[kind]++;
      const common = { hard: false, cause: '' as Cause | '', reply: NO_REPLY };
      return [{ about: proven, address: about?.address ?? address, kind, at, ...common, ...more }];
    };
    switch (said.kind) {
      case 'bounce': {
        const hard = about !== undefined && this.#isDead(said);
        return row('bounced', said.recipient, { hard, cause: this.#verdictOf(said).cause, reply: said.reply });
      }
      case 'complaint':
        return row('complained', said.recipient, { hard: about !== undefined });
      case 'leave':
        return row('left', said.from, { hard: about !== undefined || said.proven });
      case 'reply':
        // A message that is not a reader's reply does not concern us.
        return about ? row('replied', said.from) : [];
      case 'autoReply':
      case 'notice':
        reading.robots++;
        return [];
      default:
        return said satisfies never;
    }
  }

  /** The same table judges replies during delivery and bounces afterwards. */
  #verdictOf({ reply, host }: Bounce): Verdict {
    return this.#judge({ kind: 'reply', stage: 'rcpt', reply }, { transport: 'direct', host });
  }

  /** Whether its server clearly says that there is no such mailbox. */
  #isDead(bounce: Bounce): boolean {
    const { outcome } = this.#verdictOf(bounce);
    return outcome.kind === 'rejected' && outcome.suppress;
  }
}

function firstOf(marks: readonly string[], found: ReadonlyMap<string, Recorded>): Recorded | undefined {
  const mark = marks.find((each) => found.has(each));
  return mark === undefined ? undefined : found.get(mark);
}

class Tally implements MailboxReading {
  read = 0;
  bounced = 0;
  complained = 0;
  left = 0;
  replied = 0;
  robots = 0;
  unproven = 0;
  /** Reported dead, and not believed: too many at one domain. */
  doubted = 0;
  suppressed: readonly Suppression[] = [];
}

/** Resolves with `work`, or rejects with the signal's reason as soon as it is aborted. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => Promise.reject(signal.reason));
  await Promise.race([work, aborted]).finally(() => {
    aborted.catch(() => {});
    over.abort();
  });
}
