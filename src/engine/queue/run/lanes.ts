import { DIRECT, type Settings } from '../../../shared/settings.ts';
import type { Destination, Transport } from '../../../shared/transport.ts';
import { ConnectionGate } from '../limits/connectionGate.ts';
import { Account, Blocks, type History } from '../limits/limits.ts';
import { Seats } from '../limits/seats.ts';
import { Lane } from './lane.ts';
import type { LaneOwner } from './laneOwner.ts';

const SWEEP_FROM = 2048;

/** What lanes of one account have in common. */
interface Shared {
  account: Account;
  blocks: Blocks;
  seats: Seats;
}

/**
 * The lanes in use, one per transport and destination, and what they share: limits belong to the account at a relay, or
 * for direct to the mail system, whoever sends; direct connections as a whole have one ceiling.
 */
export class Lanes {
  readonly #owner: LaneOwner<Lane>;
  readonly #history: (quotaKey: string) => History;
  readonly #lanes = new Map<Transport, Map<string, Lane>>();
  readonly #shared = new Map<string, Shared>();
  readonly #gates = new WeakMap<Transport, ConnectionGate>();
  #size = 0;
  #sweepAt = SWEEP_FROM;

  constructor(owner: LaneOwner<Lane>, history: (quotaKey: string) => History) {
    this.#owner = owner;
    this.#history = history;
  }

  *all(): Iterable<Lane> {
    for (const lanes of this.#lanes.values()) yield* lanes.values();
  }

  *of(transport: Transport): Iterable<Lane> {
    const lanes = this.#lanes.get(transport);
    if (lanes) yield* lanes.values();
  }

  /** All lanes of the same account or, for direct, of direct delivery. */
  *withKey(quotaKey: string): Iterable<Lane> {
    for (const [transport, lanes] of this.#lanes) if (transport.quotaKey === quotaKey) yield* lanes.values();
  }

  get(transport: Transport, destination: Destination, settings: Settings): Lane {
    let own = this.#lanes.get(transport);
    if (!own) {
      own = new Map();
      this.#lanes.set(transport, own);
    }
    let lane = own.get(destination.key);
    if (lane) return lane;
    if (++this.#size > this.#sweepAt) this.#sweep();
    const shared = this.#share(quotaKeyOf(transport, destination));
    const direct = transport.name === DIRECT;
    const { account, blocks, seats } = shared;
    const { operator, limits } = destination;
    const lonely = direct && !operator;
    lane = new Lane(
      transport,
      destination,
      {
        account,
        blocks,
        gate: this.#gate(transport, direct ? settings.direct.maxConnections : Number.POSITIVE_INFINITY),
        seats: lonely ? null : seats,
        maxSeats: operator?.maxConnections ?? limits.maxConnections,
      },
      this.#owner,
    );
    own.set(destination.key, lane);
    return lane;
  }

  /** Of a relay: what it was sent, whoever sent it. */
  account(quotaKey: string): Account {
    return this.#share(quotaKey).account;
  }

  #share(quotaKey: string): Shared {
    let shared = this.#shared.get(quotaKey);
    if (!shared) {
      shared = { account: new Account(this.#history(quotaKey)), blocks: new Blocks(), seats: new Seats() };
      this.#shared.set(quotaKey, shared);
    }
    return shared;
  }

  #gate(transport: Transport, maxEstablished: number): ConnectionGate {
    let gate = this.#gates.get(transport);
    if (!gate) {
      gate = new ConnectionGate(this.#owner.clock, maxEstablished, Math.max(256, maxEstablished * 8));
      this.#gates.set(transport, gate);
    }
    return gate;
  }

  /** Forgets lanes nobody needs; what they were sent is in the store. */
  #sweep(): void {
    const now = this.#owner.clock.now();
    const kept = new Set<string>();
    for (const [transport, lanes] of this.#lanes) {
      for (const [key, lane] of lanes) {
        if (lane.idleAt(now)) {
          lanes.delete(key);
          this.#size--;
        } else kept.add(quotaKeyOf(transport, lane.destination));
      }
      if (lanes.size === 0) this.#lanes.delete(transport);
    }
    for (const key of this.#shared.keys()) if (!kept.has(key)) this.#shared.delete(key);
    this.#sweepAt = Math.max(SWEEP_FROM, this.#size * 2);
  }
}

/** Quotas belong to the account of a relay, and for direct to each mail system. */
export function quotaKeyOf(transport: Transport, destination: Destination): string {
  if (transport.name !== DIRECT) return transport.quotaKey;
  return `${transport.quotaKey} ${destination.operator ? `operator ${destination.operator.key}` : destination.key}`;
}
