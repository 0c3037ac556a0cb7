import { DIRECT, type Settings } from '../../../shared/settings.ts';
import type { Destination, Transport } from '../../../shared/transport.ts';
import { ConnectionGate } from '../limits/connectionGate.ts';
import { Account, Blocks, type History } from '../limits/limits.ts';
import { Seats } from '../limits/seats.ts';
import { Lane } from './lane.ts';
import type { LaneEvent, LanePorts } from './laneEvents.ts';

const SWEEP_FROM = 2048;

export interface LanesDeps {
  ports: LanePorts;
  history: (accountKey: string) => History;
  tell: (lane: Lane, event: LaneEvent) => void;
}

/** What the lanes of one account share. */
interface Shared {
  account: Account;
  blocks: Blocks;
  seats: Seats;
}

/**
 * The lanes in use, one per transport and destination, and what they share: limits belong to the account at a relay, or
 * for direct to the mail system, whichever campaign sends; direct connections as a whole have one limit.
 */
export class Lanes {
  readonly #deps: LanesDeps;
  readonly #lanes = new Map<Transport, Map<string, Lane>>();
  readonly #shared = new Map<string, Shared>();
  readonly #gates = new WeakMap<Transport, ConnectionGate>();
  #size = 0;
  #sweepAt = SWEEP_FROM;

  constructor(deps: LanesDeps) {
    this.#deps = deps;
  }

  *all(): Iterable<Lane> {
    for (const lanes of this.#lanes.values()) yield* lanes.values();
  }

  *of(transport: Transport): Iterable<Lane> {
    const lanes = this.#lanes.get(transport);
    if (lanes) yield* lanes.values();
  }

  /** The one lane of a relay, once there is one; none for direct, whose lanes are many. */
  only(transport: Transport): Lane | undefined {
    if (transport.name === DIRECT) return undefined;
    const [first] = this.of(transport);
    return first;
  }

  /** All lanes of the same account or, for direct, of direct delivery. */
  *withKey(accountKey: string): Iterable<Lane> {
    for (const [transport, lanes] of this.#lanes) if (transport.accountKey === accountKey) yield* lanes.values();
  }

  get(transport: Transport, destination: Destination, settings: Settings): Lane {
    let own = this.#lanes.get(transport);
    if (!own) {
      own = new Map();
      this.#lanes.set(transport, own);
    }
    const known = own.get(destination.key);
    if (known) return known;
    if (++this.#size > this.#sweepAt) this.#sweep();
    const accountKey = accountKeyOf(transport, destination);
    const shared = this.#share(accountKey);
    const direct = transport.name === DIRECT;
    const { account, blocks, seats } = shared;
    const { operator, limits } = destination;
    const lonely = direct && !operator;
    const made: Lane = new Lane(
      transport,
      destination,
      {
        accountKey,
        account,
        blocks,
        gate: this.#gate(transport, direct ? settings.direct.maxConnections : Number.POSITIVE_INFINITY),
        seats: lonely ? null : seats,
        maxSeats: operator?.maxConnections ?? limits.maxConnections,
      },
      this.#deps.ports,
      (event) => this.#deps.tell(made, event),
    );
    own.set(destination.key, made);
    return made;
  }

  /** For a relay: what was sent via it, by any campaign. */
  account(accountKey: string): Account {
    return this.#share(accountKey).account;
  }

  #share(accountKey: string): Shared {
    let shared = this.#shared.get(accountKey);
    if (!shared) {
      shared = { account: new Account(this.#deps.history(accountKey)), blocks: new Blocks(), seats: new Seats() };
      this.#shared.set(accountKey, shared);
    }
    return shared;
  }

  #gate(transport: Transport, maxEstablished: number): ConnectionGate {
    let gate = this.#gates.get(transport);
    if (!gate) {
      const { clock, silenceMs } = this.#deps.ports;
      // A connection silent for half as long as others would wait no longer counts as one that will be established.
      gate = new ConnectionGate(clock, maxEstablished, Math.max(256, maxEstablished * 8), silenceMs / 2);
      this.#gates.set(transport, gate);
    }
    return gate;
  }

  /** Discards lanes that are not needed; what they sent is in the store. */
  #sweep(): void {
    const now = this.#deps.ports.clock.now();
    const kept = new Set<string>();
    for (const [transport, lanes] of this.#lanes) {
      for (const [key, lane] of lanes) {
        if (lane.idleAt(now)) {
          lanes.delete(key);
          this.#size--;
        } else kept.add(lane.accountKey);
      }
      if (lanes.size === 0) this.#lanes.delete(transport);
    }
    for (const key of this.#shared.keys()) if (!kept.has(key)) this.#shared.delete(key);
    this.#sweepAt = Math.max(SWEEP_FROM, this.#size * 2);
  }
}

/** Quotas belong to the account of a relay, and for direct to each mail system. */
function accountKeyOf(transport: Transport, destination: Destination): string {
  if (transport.name !== DIRECT) return transport.accountKey;
  return `${transport.accountKey} ${destination.operator ? `operator ${destination.operator.key}` : destination.key}`;
}
