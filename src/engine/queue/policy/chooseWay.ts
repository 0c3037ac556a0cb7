/** What keeps one delivery from using one transport of its route now. */
export type WayState =
  /** Nothing, as far as is known. */
  | { kind: 'open' }
  /** It works but has no room at the moment; `until` 0: soon. */
  | { kind: 'busy'; until: number }
  /** A quota is used up. */
  | { kind: 'quota'; until: number }
  /** Nothing gets through: a closed transport, a skipped destination, a domain that cannot be found. */
  | { kind: 'shut'; until: number; since: number }
  /** This machine has no network: no server is at fault, and retry time does not count. */
  | { kind: 'offline'; until: number }
  /** It was closed, and another delivery is testing whether it works again. */
  | { kind: 'probed'; until: number };

export interface Chooser {
  /** The first transport of the route it may still use. */
  hop: number;
  now: number;
  /** When it was first tried; 0: never. Its retry time counts from here, or from when the transport was closed. */
  since: number;
  forMs: number;
  /** Whether a used-up quota sends it on to the next transport. */
  spills: boolean;
}

export type Way =
  | { kind: 'go'; hop: number }
  /** `hop`: the transport it waits for; null: whichever opens first. */
  | { kind: 'wait'; until: number; hop: number | null }
  | { kind: 'expire' };

/**
 * Which transport of its route a delivery uses now: the first that is open. It waits for one that works but is
 * busy; one that is closed, and with `spills` one whose quota is used up, is skipped. If all are closed it
 * waits for the first to open, and expires when the last of them to close has been closed for the whole retry time.
 */
export function chooseWay(route: readonly string[], states: readonly WayState[], delivery: Chooser): Way {
  let soonest = Number.POSITIVE_INFINITY;
  let shutSince = 0;
  let probed: number | null = null;
  for (let hop = Math.min(delivery.hop, route.length - 1); hop < route.length; hop++) {
    const state: WayState = states[hop] ?? { kind: 'open' };
    switch (state.kind) {
      case 'open':
        return { kind: 'go', hop };
      case 'busy':
        return { kind: 'wait', until: state.until, hop };
      case 'quota':
        if (!delivery.spills) return { kind: 'wait', until: state.until, hop };
        shutSince = Number.POSITIVE_INFINITY;
        break;
      case 'offline':
        shutSince = Number.POSITIVE_INFINITY;
        break;
      case 'shut':
        shutSince = Math.max(shutSince, state.since);
        break;
      case 'probed':
        probed ??= hop;
        break;
      default:
        return state satisfies never;
    }
    soonest = Math.min(soonest, state.until);
  }
  if (probed !== null) return { kind: 'go', hop: probed };
  if (delivery.now >= Math.max(shutSince, delivery.since) + delivery.forMs) return { kind: 'expire' };
  return { kind: 'wait', until: soonest, hop: null };
}
