import { DIRECT, type ServerSettings, type Settings } from '../../shared/settings.ts';

/** How much of one of its limits a server's account has used, as the store remembers it. */
export interface QuotaUse {
  count: number;
  perMs: number;
  used: number;
  /** Epoch ms at which the first used place comes free; 0 while there is a free one. */
  freeAt: number;
}

export type PlanSettings = Pick<Settings, 'route' | 'domainRoutes' | 'servers' | 'whenQuotaReached' | 'sendingHours'>;

/** `by` are the ways that count; spans are at least so long, for servers may be slower than their limits. */
export type Forecast =
  /** No limit is set. */
  | { kind: 'unlimited' }
  /** There are limits, and they hold more than is to be sent. */
  | { kind: 'within'; by: readonly string[] }
  /** A quota holds no more than so many; the rest goes by others. */
  | { kind: 'spills'; by: readonly string[]; count: number; to: readonly string[]; ms: number }
  | { kind: 'held'; by: readonly string[]; ms: number };

/** Longer spans are quotas, which may send mail elsewhere and let it all go at once; shorter ones are rates. */
const QUOTA_FROM_MS = 60_000;
const FOR_EVER_MS = 10 * 365 * 86_400_000;

type Taken = (ms: number) => number;

/**
 * How long limits alone hold up so many messages, with what was used of them before, and with the backups where quotas
 * spill over. The one function behind every such sentence.
 */
export function forecast(
  recipients: number,
  settings: Pick<PlanSettings, 'route' | 'servers' | 'whenQuotaReached'>,
  used: Readonly<Record<string, readonly QuotaUse[]>> = {},
  now = 0,
): Forecast {
  const [first = [DIRECT], ...others] = settings.route.map((entry) => [entry].flat());
  const rest = settings.whenQuotaReached === 'next' ? others.flat() : [];
  const limits = (name: string) => limitsOf(settings.servers[name], used[name] ?? [], now);
  const sum = (names: readonly string[], of: (name: string) => Taken): Taken => {
    const all = names.map(of);
    return (ms) => all.reduce((taken, way) => taken + way(ms), 0);
  };
  const alone = sum(first, (name) => least([...limits(name).quotas, ...limits(name).rates]));
  const quota = sum(first, (name) => least(limits(name).quotas))(0);
  if (quota < recipients && rest.length > 0) {
    const all = [...first, ...rest];
    const ms = needed(
      recipients,
      sum(all, (name) => least([...limits(name).quotas, ...limits(name).rates])),
    );
    if (ms > 0) return { kind: 'held', by: all, ms };
    return { kind: 'spills', by: first, count: quota, to: rest, ms: needed(quota, alone) };
  }
  const ms = needed(recipients, alone);
  if (ms > 0) return { kind: 'held', by: first, ms };
  return alone(0) === Number.POSITIVE_INFINITY ? { kind: 'unlimited' } : { kind: 'within', by: first };
}

/** The shortest time in which so many are taken; less than a second is none. */
function needed(count: number, taken: Taken): number {
  if (taken(999) >= count) return 0;
  let high = 1000;
  while (taken(high) < count && high < FOR_EVER_MS) high *= 2;
  let low = high / 2;
  while (high - low > 100) {
    const middle = Math.floor((low + high) / 2);
    if (taken(middle) >= count) high = middle;
    else low = middle;
  }
  return Math.round(high / 1000) * 1000;
}

function least(limits: readonly Taken[]): Taken {
  return (ms) => Math.min(Number.POSITIVE_INFINITY, ...limits.map((taken) => taken(ms)));
}

/** How many each limit of a server lets go in the first `ms`. */
function limitsOf(
  server: ServerSettings | undefined,
  used: readonly QuotaUse[],
  now: number,
): { quotas: Taken[]; rates: Taken[] } {
  const { windows = [], pause } = server ?? {};
  const quotas: Taken[] = [];
  const rates: Taken[] = [];
  if (pause) rates.push((ms) => pause.every * (1 + Math.floor(ms / pause.forMs)));
  for (const { count, perMs } of windows) {
    if (perMs < QUOTA_FROM_MS) {
      rates.push((ms) => (ms / perMs) * count);
      continue;
    }
    const use = used.find((item) => item.count === count && item.perMs === perMs);
    const old = Math.min(count, use?.used ?? 0);
    const freeMs = use && use.freeAt > now ? use.freeAt - now : perMs;
    quotas.push((ms) => {
      const fresh = (count - old) * (1 + Math.floor(ms / perMs));
      return fresh + (ms < freeMs ? 0 : old * (1 + Math.floor((ms - freeMs) / perMs)));
    });
  }
  return { quotas, rates };
}
