/** What stands in the way of one transport of a route, for one delivery, now. */
export type WayState =
  /** Nothing; or nothing that is known yet. */
  | { kind: 'open' }
  /** It works, and there is no room just now; `until` 0 = soon. */
  | { kind: 'busy'; until: number }
  /** A quota is used up. */
  | { kind: 'quota'; until: number }
  /** Nothing gets through: a closed transport, a destination passed over, a domain that cannot be found. */
  | { kind: 'shut'; until: number; since: number }
  /** This machine has no network: nobody's fault, and no time for retries runs. */
  | { kind: 'offline'; until: number }
  /** It was shut, and another delivery is finding out whether it works again. */
  | { kind: 'probed'; until: number };

export interface Chooser {
  /** The first transport of the route it may still use. */
  hop: number;
  now: number;
  /** Since when it has been trying; 0 = never tried. Its time for retries counts from here, or since the way was shut. */
  since: number;
  forMs: number;
  /** Whether a used-up quota sends it on to the next transport. */
  spills: boolean;
}

export type Way =
  | { kind: 'go'; hop: number }
  /** `hop`: whose turn it waits for, where it is the one's; null = whichever opens first. */
  | { kind: 'wait'; until: number; hop: number | null }
  | { kind: 'expire' };

/**
 * Which transport of its route a delivery takes now: the first that nothing stands in the way of. One that works but is
 * busy is waited for; one that is shut, and with `spills` one whose quota is used up, is passed over. Where all are shut it
 * waits for the first to open, and expires when the last of them to close has been shut for its whole time.
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
