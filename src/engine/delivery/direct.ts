import { isIP } from 'node:net';
import { providerOfHost } from '../../providers/lookup.ts';
import type { Resolver } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { operatorName } from '../../shared/operatorName.ts';
import type { AttemptEnd, FaultCode } from '../../shared/outcome.ts';
import { DIRECT, type DirectSettings } from '../../shared/settings.ts';
import type { Destination, Located, Opened, Transport } from '../../shared/transport.ts';
import { Ended, fault, informativeness } from './attemptEnd.ts';
import type { ChunkingKnowledge } from './chunkingUse.ts';
import { openSession, type SessionResult } from './connect.ts';
import { judgeChain, usableTlsa } from './dane.ts';
import type { Connect } from './dial.ts';
import { type DirectPlan, directDestination, parsePlan } from './directPlan.ts';
import { type AddressRules, findAddresses, withinBudget } from './hostAddresses.ts';
import { findMailHosts, inRandomOrder, isHostName } from './mx.ts';
import { PortWatch } from './portWatch.ts';
import { type AddressCandidate, Race, type Winner } from './race.ts';
import type { ResolverHealth } from './resolverHealth.ts';
import { stoppable } from './stoppable.ts';
import { type FetchPolicy, StsPolicies, stsAllows } from './sts.ts';
import type { Timeouts } from './timeouts.ts';
import type { Verification } from './tls.ts';

const MAX_ADDRESSES = 5;
const CONNECT_BUDGET_MS = 60_000;
/** When a name server takes longer, a health check is made. */
const IMPATIENT_MS = 3_000;
/** A connection that takes longer suggests that the port is blocked. It is awaited all the same. */
const SILENCE_MS = 10_000;
const BROKEN_TLS_MS = 3 * 86_400_000;

export interface DirectDeps extends AddressRules {
  resolver: Resolver;
  connect: Connect;
  fetchPolicy: FetchPolicy;
  now(): number;
  /** At least 0, below 1. */
  random(): number;
  timeouts: Timeouts;
  /** Whether the name servers can be trusted; absent: they can. */
  health?: ResolverHealth;
  chunking?: ChunkingKnowledge;
  /** PEM; trusted in addition where a policy requires a verified certificate. */
  ca: string;
}

/** One address of one host, and the TLS rules that apply to the host. */
interface Candidate extends AddressCandidate {
  host: string;
  tlsPlan: Exclude<TlsPlan, { kind: 'end' }>;
}

type Note = (end: AttemptEnd, host: string) => void;

/** The TLS rules that apply to one host. */
type TlsPlan =
  | { kind: 'tls'; security: 'starttls'; verification: Verification; policy: 'mtaSts' | 'dane' | null }
  | { kind: 'opportunistic' }
  | { kind: 'end'; end: AttemptEnd };

/**
 * Delivery to the recipient's own mail servers (RFC 5321 5.1). Opening walks the hosts by preference, each with its
 * addresses, until one has replied to EHLO; a failure before that leads to the next one. Encrypts when offered,
 * without verifying the certificate; after a failed handshake it retries in the clear, and remembers that. Where the
 * domain's policy (DANE before MTA-STS), the setting or the provider demands TLS, nothing is ever sent in the clear.
 */
export class DirectTransport implements Transport {
  readonly name = DIRECT;
  readonly accountKey = DIRECT;
  readonly #settings: DirectSettings;
  readonly #deps: DirectDeps;
  readonly #policies: StsPolicies;
  readonly #watch = new PortWatch();
  /** When each host is to be retried. */
  readonly #brokenTls = new Map<string, number>();

  constructor(settings: DirectSettings, deps: DirectDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#policies = new StsPolicies(deps.resolver, deps.fetchPolicy, deps.now);
  }

  async locate(domain: string, signal: AbortSignal): Promise<Located> {
    try {
      return await stoppable(this.#locateIfTold(domain), signal);
    } catch (error) {
      if (error instanceof Ended) return { kind: 'ended', end: error.end };
      throw error;
    }
  }

  /** The names of a domain's MX hosts, best first; none when they cannot be found. For routes by operator. */
  async mailHosts(domain: string): Promise<readonly string[]> {
    const found = await findMailHosts(domain, this.#deps.resolver);
    return found.kind === 'hosts' ? found.hosts.groups.flat() : [];
  }

  /** A domain that is not found, or not soon, is looked up again: is the fault the domain's or the name server's? */
  async #locateIfTold(domain: string): Promise<Located> {
    const { health } = this.#deps;
    const looking = this.#locate(domain);
    if (!health || domain.startsWith('[')) return looking;
    const impatience = new Promise<null>((resolve) => setTimeout(resolve, IMPATIENT_MS, null).unref());
    const down = () => ended('resolverDown', detail(faultDetails.resolverDown));
    const soon = await Promise.race([looking, impatience]);
    if (soon === null) {
      const answered = looking.then(() => true);
      if (!(await Promise.race([answered, health.works()]))) return down();
    }
    const located = soon ?? (await looking);
    if (located.kind === 'destination') health.found(domain);
    else if (isHostName(domain) && located.end.kind === 'fault') {
      const { code } = located.end;
      if ((code === 'noSuchDomain' || code === 'dnsTemporary') && !(await health.works())) return down();
    }
    return located;
  }

  async #locate(domain: string): Promise<Located> {
    const [found, policy] = await Promise.all([
      findMailHosts(domain, this.#deps.resolver),
      domain.startsWith('[') ? null : this.#policies.policyOf(domain),
    ]);
    if (found.kind === 'ended') return found;
    const { authenticated } = found.hosts;
    let { groups } = found.hosts;
    const sts = policy?.mode === 'enforce';
    if (sts) {
      groups = groups
        .map((group) => group.filter((host) => stsAllows(policy, host)))
        .filter((group) => group.length > 0);
      if (groups.length === 0) {
        const end = fault('resolve', 'mtaSts', detail(faultDetails.policyForbids, domain));
        return { kind: 'ended', end };
      }
    }
    return {
      kind: 'destination',
      destination: directDestination({ groups, dane: authenticated, sts }, this.#settings, this.#deps.now),
    };
  }

  async openSession(destination: Destination, signal: AbortSignal): Promise<Opened> {
    const plan = parsePlan(destination.key);
    try {
      return await this.#tryHosts(plan, signal);
    } catch (error) {
      if (error instanceof Ended) return { kind: 'ended', end: error.end, host: plan.groups[0]?.[0] ?? '' };
      throw error;
    }
  }

  async #tryHosts(plan: DirectPlan, signal: AbortSignal): Promise<Opened> {
    const { now } = this.#deps;
    const first = plan.groups[0]?.[0] ?? '';
    if (this.#watch.isBlocked(now())) {
      return { kind: 'ended', end: this.#blocked(), host: first };
    }
    const deadline = now() + CONNECT_BUDGET_MS;
    let worst: Opened & { kind: 'ended' } = {
      kind: 'ended',
      end: fault('resolve', 'noAddress', detail(faultDetails.noAddress, first)),
      host: first,
    };
    const note: Note = (end, host) => {
      if (informativeness(end) > informativeness(worst.end)) worst = { kind: 'ended', end, host };
    };
    const operator = operatorName(first);
    const cut = new AbortController();
    const either = AbortSignal.any([signal, cut.signal]);
    const candidates = this.#candidates(plan, { deadline, note, signal: either });
    const race = new Race(candidates, either, ({ host }, end) => {
      this.#watch.failed(operator, end, now());
      note(end, host);
    });
    for (;;) {
      const won = await this.#watched(operator, race, cut).catch((error: unknown) => {
        if (cut.signal.aborted && !signal.aborted) throw new Ended(this.#blocked());
        throw error;
      });
      if (!won)
        return isSilence(worst.end) && this.#watch.isBlocked(now()) ? { ...worst, end: this.#blocked() } : worst;
      this.#watch.reached(now());
      const { host } = won.contender;
      const result = await this.#greet(won, deadline, signal);
      if (result.kind === 'session') return result;
      if (signal.aborted) return { kind: 'ended', end: result.end, host };
      note(result.end, host);
    }
  }

  /** The addresses that may be tried, best host first; a host is looked up lazily. */
  async *#candidates(
    plan: DirectPlan,
    { deadline, note, signal }: { deadline: number; note: Note; signal: AbortSignal },
  ): AsyncGenerator<Candidate> {
    const { now, random, resolver, connect, timeouts } = this.#deps;
    const { port, localAddress } = this.#settings;
    let tried = 0;
    for (const host of inRandomOrder(plan.groups, random)) {
      if (tried >= MAX_ADDRESSES || now() >= deadline) return;
      const found = await stoppable(findAddresses(host, this.#settings.ipFamily, resolver, this.#deps), signal);
      if (found.kind === 'none') {
        note(fault('resolve', found.code, found.detail), host);
        continue;
      }
      if (found.own) {
        // We are this host: those after it would only send the message back to us (RFC 5321 5.1).
        note(fault('resolve', 'mailLoop', detail(faultDetails.thisMachine, host)), host);
        return;
      }
      const tlsPlan = await stoppable(this.#planTls(host, found.name, plan, found.authenticated), signal);
      if (tlsPlan.kind === 'end') {
        note(tlsPlan.end, host);
        continue;
      }
      const addresses = withinBudget(found.addresses, MAX_ADDRESSES - tried);
      for (const [nth, address] of addresses.entries()) {
        const left = deadline - now();
        if (left <= 0) return;
        tried++;
        const local = isIP(localAddress) === isIP(address) ? localAddress : '';
        const line = { address, port, localAddress: local, connectMs: Math.min(timeouts.connect, left), connect };
        yield { host, tlsPlan, line, headStartMs: headStart(address, addresses[nth + 1], timeouts) };
      }
    }
  }

  async #planTls(host: string, name: string, plan: DirectPlan, authenticated: boolean): Promise<TlsPlan> {
    const { port, tls } = this.#settings;
    const { resolver, now, ca } = this.#deps;
    if (plan.dane && authenticated && isIP(host) === 0) {
      const answer = await resolver.query(`_${port}._tcp.${name}`, 'TLSA');
      if (answer.kind === 'failed') {
        const end = fault(
          'tls',
          answer.code === 'dnsOffline' ? answer.code : 'dane',
          detail(faultDetails.tlsaUnknown, name, answer.detail),
        );
        return { kind: 'end', end };
      }
      if (answer.kind === 'found' && answer.authenticated) {
        const { records } = answer;
        const verification: Verification =
          usableTlsa(records).length > 0
            ? { kind: 'chain', code: 'dane', judge: (chain) => judgeChain(chain, records, [name, host], now()) }
            : { kind: 'none' };
        return { kind: 'tls', security: 'starttls', verification, policy: 'dane' };
      }
    }
    if (plan.sts) return { kind: 'tls', security: 'starttls', verification: { kind: 'name', ca }, policy: 'mtaSts' };
    if (tls === 'required' || providerOfHost(host)?.inbound?.tlsRequired) {
      return { kind: 'tls', security: 'starttls', verification: { kind: 'none' }, policy: null };
    }
    return { kind: 'opportunistic' };
  }

  /** If nothing answers within ten seconds, the network blocks the port, and there is no point in waiting longer. */
  async #watched(operator: string, race: Race<Candidate>, cut: AbortController): Promise<Winner<Candidate> | null> {
    const { now } = this.#deps;
    const alarm = setTimeout(() => {
      this.#watch.failed(operator, fault('connect', 'timeout', ''), now());
      if (this.#watch.isBlocked(now())) cut.abort(new Error('blocked'));
    }, SILENCE_MS);
    try {
      return await race.next();
    } finally {
      clearTimeout(alarm);
    }
  }

  #blocked(): AttemptEnd {
    return fault('connect', 'portBlocked', detail(faultDetails.portBlocked, String(this.#settings.port)));
  }

  /** Sends EHLO there; retries in the clear, over a new connection, where the policy allows that after a failed handshake. */
  async #greet(
    { contender, socket }: Winner<Candidate>,
    deadline: number,
    signal: AbortSignal,
  ): Promise<SessionResult> {
    const { host, tlsPlan, line } = contender;
    const { now, timeouts } = this.#deps;
    const chunking = this.#deps.chunking && { knowledge: this.#deps.chunking, depth: 1 };
    const openWith = (
      security: 'starttls' | 'opportunistic' | 'none',
      verification: Verification,
      standing = false,
    ) => {
      const connectMs = Math.max(1, Math.min(timeouts.connect, deadline - now()));
      const endpoint = {
        ...line,
        host,
        security,
        verification,
        credentials: null,
        hello: this.#settings.hello,
        chunking,
      };
      const times = { ...timeouts, connect: connectMs };
      return openSession({ ...endpoint, timeouts: times }, signal, undefined, standing ? socket : undefined);
    };
    if (tlsPlan.kind === 'tls') {
      const result = await openWith('starttls', tlsPlan.verification, true);
      return result.kind === 'ended' && tlsPlan.policy
        ? { kind: 'ended', end: underPolicy(result.end, tlsPlan.policy) }
        : result;
    }
    const broken = (this.#brokenTls.get(host) ?? 0) > now();
    const result = await openWith(broken ? 'none' : 'opportunistic', { kind: 'none' }, true);
    if (result.kind === 'session' || result.end.stage !== 'tls' || result.end.kind !== 'fault') return result;
    if (result.end.code !== 'tlsHandshake' && result.end.code !== 'timeout') return result;
    this.#brokenTls.set(host, now() + BROKEN_TLS_MS);
    return openWith('none', { kind: 'none' });
  }
}

/** IPv6 last: home lines often lack a reverse name for it, and the large providers refuse such addresses. */
function headStart(address: string, next: string | undefined, timeouts: Timeouts): number {
  if (next === undefined) return timeouts.nextHost;
  return isIP(next) === isIP(address) ? timeouts.nextAddress : timeouts.nextFamily;
}

/** No host replied at all, not even with a refusal. */
function isSilence(end: AttemptEnd): boolean {
  return end.kind === 'fault' && end.stage === 'connect' && end.code === 'timeout';
}

function ended(code: FaultCode, why: string): Located {
  return { kind: 'ended', end: fault('resolve', code, why) };
}

/** A failure that a policy does not let us ignore carries the policy's name. */
function underPolicy(end: AttemptEnd, policy: 'mtaSts' | 'dane'): AttemptEnd {
  const about =
    end.kind === 'fault' &&
    (end.code === 'tlsCertificate' || end.code === 'tlsUnavailable' || end.code === 'tlsHandshake');
  return about ? { ...end, code: policy } : end;
}
