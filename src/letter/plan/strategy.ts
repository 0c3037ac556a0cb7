import { providerOfDomain } from '../../providers/lookup.ts';
import type { Text } from '../../shared/errors.ts';
import type { Foresight, ForesightRequest, ListShares } from '../../shared/foresight.ts';
import { DIRECT, type Route, type Settings } from '../../shared/settings.ts';

/** Whether mail straight from this computer has been found to get through; `why` it does not. */
export type DirectStanding = { state: 'passed' } | { state: 'unknown' } | { state: 'failed'; why: Text };

export interface StrategyQuestion {
  settings: Settings;
  list: ListShares;
  direct: DirectStanding;
}

export type Change = Pick<Settings, 'route' | 'domainRoutes' | 'whenQuotaReached'>;

/** What one may want: nothing but one's servers; these first, the rest directly; the shortest time. */
export type Aim = 'safest' | 'steady' | 'quickest';

/** A way to send the list. */
export interface Plan {
  aim: Aim;
  change: Change;
  foresight: Foresight;
  /** Mail providers whose readers stay with the servers, as they may refuse mail from this address. */
  kept: readonly { id: string; label: string; share: number }[];
  /** The settings are like this already. */
  present: boolean;
}

export interface Strategy {
  /** The one to take first; three at most. Empty where there is no way at all. */
  plans: readonly Plan[];
  /** The servers alone take longer than a day: so many an hour would do. */
  weak: { ms: number; perHour: number } | null;
  direct: DirectStanding;
}

export interface Candidate {
  aim: Aim;
  change: Change;
}

const DAY_MS = 86_400_000;
/** So long nobody minds. */
const SOON_MS = 2 * 3_600_000;
const WORKING_HOURS = 8;

/** All that is worth looking at, by aim; the foresight tells which of them is worth taking. */
export function candidatesOf({ settings, list, direct }: StrategyQuestion): Candidate[] {
  const servers = Object.keys(settings.servers);
  const named = settings.route.flat().filter((name) => name !== DIRECT && servers.includes(name));
  const relays = [...new Set([...named, ...servers])];
  const own = withoutDirect(settings.domainRoutes);
  if (relays.length === 0)
    return direct.state === 'failed'
      ? []
      : [{ aim: 'quickest', change: { route: [DIRECT], domainRoutes: {}, whenQuotaReached: 'next' } }];
  const whenQuotaReached = relays.length > 1 ? 'next' : settings.whenQuotaReached;
  const found: Candidate[] = [{ aim: 'safest', change: { route: relays, domainRoutes: own, whenQuotaReached } }];
  const group: Route = relays.length > 1 ? [relays] : relays;
  if (relays.length > 1) found.push({ aim: 'quickest', change: { route: group, domainRoutes: own, whenQuotaReached } });
  if (direct.state === 'failed') return found;
  // Who asks much of strangers gets nothing from an address that nobody has tried.
  const keep: Record<string, Route> =
    direct.state === 'passed' ? {} : Object.fromEntries(demanding(list).map(({ id }) => [id, relays]));
  const domainRoutes = { ...keep, ...own };
  found.push({ aim: 'steady', change: { route: [...relays, DIRECT], domainRoutes, whenQuotaReached: 'next' } });
  if (relays.length > 1)
    found.push({ aim: 'quickest', change: { route: [...group, DIRECT], domainRoutes, whenQuotaReached: 'next' } });
  if (direct.state === 'passed')
    found.push({ aim: 'quickest', change: { route: [DIRECT, ...group], domainRoutes: own, whenQuotaReached: 'next' } });
  return found;
}

/** Looks at each candidate and keeps what is worth choosing between. */
export async function strategyFor(
  question: StrategyQuestion,
  foresee: (request: ForesightRequest) => Promise<Foresight>,
  startAt = 0,
): Promise<Strategy> {
  const { settings, list, direct } = question;
  const plans: Plan[] = [];
  for (const { aim, change } of candidatesOf(question)) {
    const foresight = await foresee({ settings: { ...settings, ...change }, list, startAt });
    const kept = Object.keys(change.domainRoutes).length > 0 && direct.state !== 'passed' ? demanding(list) : [];
    plans.push({ aim, change, foresight, kept: goesDirect(change.route) ? kept : [], present: same(settings, change) });
  }
  return { plans: chosen(plans), weak: weakness(plans, list), direct };
}

/** The quickest of each aim, without those that gain nothing; what most people should take stands first. */
export function chosen(plans: readonly Plan[]): Plan[] {
  const best = (aim: Aim) => plans.filter((plan) => plan.aim === aim).sort((a, b) => msOf(a) - msOf(b))[0];
  const [safest, steady, quickest] = [best('safest'), best('steady'), best('quickest')];
  const alone = safest ? msOf(safest) : Number.POSITIVE_INFINITY;
  const found = [safest];
  if (steady && (msOf(steady) < 0.9 * alone || steady.present)) found.push(steady);
  const before = Math.min(alone, ...found.map((plan) => (plan ? msOf(plan) : Number.POSITIVE_INFINITY)));
  if (quickest && (msOf(quickest) < 0.9 * before || quickest.present)) found.push(quickest);
  const kept = found.filter((plan) => plan !== undefined);
  // Small or occasional: the servers alone are soon done. Else what goes on elsewhere when they are full.
  const first = alone <= SOON_MS ? safest : (steady ?? quickest ?? safest);
  return kept.sort((a, b) => Number(b === first) - Number(a === first)).slice(0, 3);
}

/** Large lists at a weak server: how much more an hour it would have to take. */
function weakness(plans: readonly Plan[], list: ListShares): Strategy['weak'] {
  const alone = plans.filter(({ change }) => !goesDirect(change.route)).map(msOf);
  if (alone.length === 0) return null;
  const ms = Math.min(...alone);
  return ms > DAY_MS ? { ms, perHour: Math.ceil(list.total / WORKING_HOURS / 100) * 100 } : null;
}

function msOf({ foresight: { startAt, endAt, end } }: Plan): number {
  return end === 'done' ? endAt - startAt : Number.POSITIVE_INFINITY;
}

/** Providers with readers on the list who ask more of strangers than of customers, largest first. */
export function demanding({ total, domains }: ListShares): Plan['kept'] {
  const found = new Map<string, { id: string; label: string; share: number }>();
  for (const [domain, count] of Object.entries(domains)) {
    const provider = providerOfDomain(domain);
    if (!provider) continue;
    const { id, label } = provider;
    const before = found.get(id)?.share ?? 0;
    found.set(id, { id, label, share: before + count / Math.max(1, total) });
  }
  return [...found.values()].filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share);
}

function withoutDirect(routes: Settings['domainRoutes']): Record<string, Route> {
  return Object.fromEntries(Object.entries(routes).filter(([, route]) => !goesDirect(route)));
}

export function goesDirect(route: Route): boolean {
  return route.flat().includes(DIRECT);
}

function same(settings: Change, change: Change): boolean {
  const text = ({ route, domainRoutes, whenQuotaReached }: Change) =>
    JSON.stringify([route, Object.entries(domainRoutes).sort(), route.flat().length > 1 ? whenQuotaReached : '']);
  return text(settings) === text(change);
}
