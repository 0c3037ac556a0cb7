import type { DatabaseSync } from 'node:sqlite';
import { unsubscribeToken } from '../compose/index.ts';
import { pullTokens } from '../endpoint/pullTokens.ts';
import { isTrialToken } from '../endpoint/trialToken.ts';
import type { Unsubscribed } from '../protocol/engineApi.ts';
import { domainOf } from '../shared/address.ts';
import type { Clock } from '../shared/clock.ts';
import type { KeyRing } from './keyRing.ts';
import { CampaignStore } from './queue/store/campaignStore.ts';
import { DeliveryStore } from './queue/store/deliveryStore.ts';
import { EndpointStore } from './queue/store/endpointStore.ts';
import { SuppressionStore } from './queue/store/suppressionStore.ts';
import { findRecorded } from './recorded.ts';

/**
 * Unsubscribes the readers whose tokens came back.
 */
export class Leavers {
  readonly #campaigns: CampaignStore;
  readonly #deliveries: DeliveryStore;
  readonly #suppressions: SuppressionStore;
  readonly #endpoints: EndpointStore;
  readonly #keys: KeyRing;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onSuppressed: () => void;

  constructor(database: DatabaseSync, keys: KeyRing, clock: Pick<Clock, 'now'>, onSuppressed: () => void) {
    this.#campaigns = new CampaignStore(database);
    this.#deliveries = new DeliveryStore(database);
    this.#suppressions = new SuppressionStore(database);
    this.#endpoints = new EndpointStore(database);
    this.#keys = keys;
    this.#clock = clock;
    this.#onSuppressed = onSuppressed;
  }

  async unsubscribe(tokens: readonly { token: string; at: number }[]): Promise<Unsubscribed> {
    const times = new Map(tokens.map(({ token, at }) => [token, at]));
    const found = await findRecorded(
      times.keys(),
      { campaigns: this.#campaigns, deliveries: this.#deliveries },
      (campaign, address) => unsubscribeToken(this.#keys.of(campaign), campaign, address),
      this.#clock.now(),
    );
    const left = [...found].map(([token, { address, campaign }]) => ({
      token,
      address,
      campaign,
      before: this.#suppressions.has(address, domainOf(address)),
    }));
    this.#suppressions.add(
      left.map(({ token, address, campaign }) => ({
        entry: address,
        reason: 'unsubscribed',
        note: campaign,
        at: times.get(token) ?? 0,
      })),
    );
    if (left.some(({ before }) => !before)) this.#onSuppressed();
    return { left, unknown: [...times.keys()].filter((token) => !found.has(token)) };
  }

  /** Page by page: the position is stored once the readers of the page are suppressed. */
  async pull(url: string, secret: string): Promise<Unsubscribed> {
    const left: Unsubscribed['left'][number][] = [];
    const unknown: string[] = [];
    const cursor = this.#endpoints.cursor(url);
    for await (const page of pullTokens({ url, secret, cursor, now: () => this.#clock.now() })) {
      // A test of the link leaves no reader's token.
      const result = await this.unsubscribe(page.tokens.filter(({ token }) => !isTrialToken(secret, token)));
      left.push(...result.left);
      unknown.push(...result.unknown);
      this.#endpoints.keep(url, page.cursor);
    }
    return { left, unknown };
  }
}
