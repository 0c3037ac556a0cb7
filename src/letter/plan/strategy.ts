import { providerOfDomain } from '../../providers/lookup.ts';
import type { DirectStanding } from '../../shared/directStanding.ts';
import { rateSetting } from '../../shared/duration.ts';
import type { Foresight, ForesightRequest, ListShares } from '../../shared/foresight.ts';
import { DIRECT, type Route, type Settings, transportNames } from '../../shared/settings.ts';
import type { Window } from '../../shared/transport.ts';

export interface StrategyQuestion {
  settings: Settings;
  list: ListShares;
  direct: DirectStanding;
  /** The forecast for the present settings. */
  present: Foresight;
}

export type Change = Pick<Settings, 'route' | 'domainRoutes' | 'whenQuotaReached'> & {
  /** By server: known limits, to be respected from now on. */
  limits: Readonly<Record<string, readonly Window[]>>;
};

/** The aims: only one's servers; these first, the rest directly; the shortest time. */
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
  /** The recommended one first; three at most. Empty when there is no way to send. */
  plans: readonly Plan[];
  /** The servers alone take longer than a day: this many an hour would be enough. */
  weak: { ms: number; perHour: number } | null;
  direct: DirectStanding;
  /** Direct delivery might help, and has to be checked first. */
  worthChecking: boolean;
}

export interface Candidate {
  aim: Aim;
  change: Omit<Change, 'limits'>;
}

const DAY_MS = 86_400_000;
/** A duration short enough that a faster plan is not worth choosing. */
const SOON_MS = 2 * 3_600_000;
const WORKING_HOURS = 8;

/** Direct delivery may be proposed: it has passed the check, or the person has chosen it, and it has not failed since. */
function mayGoDirect({ settings, direct }: Pick<StrategyQuestion, 'settings' | 'direct'>): boolean {
  if (direct.state === 'unknown') return !settings.directAssumed && transportNames(settings).includes(DIRECT);
  return direct.state === 'passed';
}

/** All candidates, by aim; the forecast decides which are worth proposing. */
export function candidatesOf(question: Omit<StrategyQuestion, 'present'>): Candidate[] {
  const { settings, list, direct } = question;
  const servers = Object.keys(settings.servers);
  const named = settings.route.flat().filter((name) => name !== DIRECT && servers.includes(name));
  const relays = [...new Set([...named, ...servers])];
  const own = withoutDirect(settings.domainRoutes);
  if (relays.length === 0)
    return !mayGoDirect(question)
      ? []
      : [{ aim: 'quickest', change: { route: [DIRECT], domainRoutes: {}, whenQuotaReached: 'next' } }];
  const whenQuotaReached = relays.length > 1 ? 'next' : settings.whenQuotaReached;
  const found: Candidate[] = [{ aim: 'safest', change: { route: relays, domainRoutes: own, whenQuotaReached } }];
  const group: Route = relays.length > 1 ? [relays] : relays;
  if (relays.length > 1) found.push({ aim: 'quickest', change: { route: group, domainRoutes: own, whenQuotaReached } });
  if (!mayGoDirect(question)) return found;
  // Providers that are strict with unknown senders reject mail from an untested address.
  const keep: Record<string, Route> =
    direct.state === 'passed' ? {} : Object.fromEntries(strictProviders(list).map(({ id }) => [id, relays]));
  const domainRoutes = { ...keep, ...own };
  found.push({ aim: 'steady', change: { route: [...relays, DIRECT], domainRoutes, whenQuotaReached: 'next' } });
  if (relays.length > 1)
    found.push({ aim: 'quickest', change: { route: [...group, DIRECT], domainRoutes, whenQuotaReached: 'next' } });
  if (direct.state === 'passed')
    found.push({ aim: 'quickest', change: { route: [DIRECT, ...group], domainRoutes: own, whenQuotaReached: 'next' } });
  return found;
}

/** Forecasts each candidate and keeps those worth choosing between. */
export async function strategyFor(
  question: StrategyQuestion,
  foresee: (request: ForesightRequest) => Promise<Foresight>,
  startAt = 0,
): Promise<Strategy> {
  const { settings, list, direct, present } = question;
  const plans: Plan[] = [];
  for (const { aim, change: ways } of candidatesOf(question)) {
    const change = { ...ways, limits: limitsFor(ways, present) };
    const foresight = sameWays(settings, change)
      ? present
      : await foresee({ settings: { ...settings, ...ways }, list, startAt });
    const kept = Object.keys(change.domainRoutes).length > 0 && direct.state !== 'passed' ? strictProviders(list) : [];
    plans.push({ aim, change, foresight, kept: goesDirect(change.route) ? kept : [], present: same(settings, change) });
  }
  const weak = weakness(plans, list);
  const worthChecking =
    direct.state === 'unknown' && !mayGoDirect(question) && !plans.some((plan) => msOf(plan) <= SOON_MS);
  return { plans: chosen(plans), weak, direct, worthChecking };
}

/** The quickest of each aim, without those that gain nothing; the one most people should use comes first. */
export function chosen(plans: readonly Plan[]): Plan[] {
  const best = (aim: Aim) => plans.filter((plan) => plan.aim === aim).sort((a, b) => msOf(a) - msOf(b))[0];
  const [safest, steady, quickest] = [best('safest'), best('steady'), best('quickest')];
  const alone = safest ? msOf(safest) : Number.POSITIVE_INFINITY;
  const found = [safest];
  if (steady && (msOf(steady) < 0.9 * alone || steady.present)) found.push(steady);
  const before = Math.min(alone, ...found.map((plan) => (plan ? msOf(plan) : Number.POSITIVE_INFINITY)));
  if (quickest && (msOf(quickest) < 0.9 * before || quickest.present)) found.push(quickest);
  const kept = found.filter((plan) => plan !== undefined);
  // For a small list, the servers alone are fast enough. Otherwise, whatever continues elsewhere when they are full.
  const first = alone <= SOON_MS ? safest : (steady ?? quickest ?? safest);
  return kept.sort((a, b) => Number(b === first) - Number(a === first)).slice(0, 3);
}

/** Large lists with a weak server: how much more an hour it would have to accept. */
function weakness(plans: readonly Plan[], list: ListShares): Strategy['weak'] {
  const alone = plans.filter(({ change }) => !goesDirect(change.route)).map(msOf);
  if (alone.length === 0) return null;
  const ms = Math.min(...alone);
  return ms > DAY_MS ? { ms, perHour: Math.ceil(list.total / WORKING_HOURS / 100) * 100 } : null;
}

function msOf({ foresight: { startAt, endAt, end } }: Plan): number {
  return end === 'done' ? endAt - startAt : Number.POSITIVE_INFINITY;
}

/** Providers with readers on the list that are stricter with strangers than with customers, largest first. */
export function strictProviders({ total, domains }: ListShares): Plan['kept'] {
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

/** The limits of a plan's servers that the settings do not respect. */
function limitsFor(ways: Candidate['change'], { limits = {} }: Foresight): Change['limits'] {
  const known = transportNames(ways).flatMap((name): [string, readonly Window[]][] => {
    const windows = (limits[name] ?? []).filter((window) => rateSetting(window) !== '');
    return windows.length > 0 ? [[name, windows.map(({ count, perMs }) => ({ count, perMs }))]] : [];
  });
  return Object.fromEntries(known);
}

function same(settings: Settings, change: Change): boolean {
  return sameWays(settings, change) && Object.keys(change.limits).length === 0;
}

function sameWays(settings: Candidate['change'], change: Candidate['change']): boolean {
  const text = ({ route, domainRoutes, whenQuotaReached }: Candidate['change']) =>
    JSON.stringify([route, Object.entries(domainRoutes).sort(), route.flat().length > 1 ? whenQuotaReached : '']);
  return text(settings) === text(change);
}
