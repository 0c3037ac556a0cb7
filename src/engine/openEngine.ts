import type { ServerTestStep } from '../protocol/engineApi.ts';
import { systemClock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { Log } from '../shared/log.ts';
import type { Settings } from '../shared/settings.ts';
import {
  createTransport,
  type DeliveryDeps,
  routeFor,
  routesNeedMx,
  systemDeps,
  type Timeouts,
  testDirect,
  testServer,
} from './delivery/index.ts';
import { keepStanding, keptStanding } from './directRecord.ts';
import { Engine } from './engine.ts';
import { evidenceOf } from './evidenceOf.ts';
import type { StoreDecision } from './queue/store/storeDamage.ts';
import { isStaleConnection, judge } from './verdict/judge.ts';

export interface OpenOptions {
  stateDir: string;
  log: Log;
  /** Networks that MX records may lead to in addition to public ones; "" = none. From ENVOI_LAB_ADDRESSES. */
  labAddresses: string;
  autostart?: boolean | 'asked';
  /** A person's decision on a damaged store. */
  decision?: StoreDecision;
  /** Timeouts of the SMTP steps, instead of the usual ones. */
  timeouts?: Timeouts;
}

/** The engine with the real clock, DNS and sockets. Every front door opens it here. */
export function openEngine(options: OpenOptions): Promise<Engine> {
  const { stateDir, log, labAddresses, autostart, decision, timeouts } = options;
  const made = new Map<string, DeliveryDeps>();
  const closing = new AbortController();
  const depsFor = (settings: Settings): DeliveryDeps => {
    const { dnsServers } = settings.direct;
    const key = dnsServers.join(' ');
    const deps = made.get(key) ?? { ...makeDeps(dnsServers, labAddresses), ...(timeouts ? { timeouts } : {}) };
    made.set(key, deps);
    return deps;
  };
  return Engine.create({
    stateDir,
    clock: systemClock,
    log,
    ...(autostart === undefined ? {} : { autostart }),
    ...(decision ? { decision } : {}),
    createTransport: (name, settings, secret) => createTransport(name, settings, secret, depsFor(settings)),
    judge,
    isStale: isStaleConnection,
    routeFor: (settings, domain) => {
      if (!routesNeedMx(settings)) return routeFor(settings, domain);
      return mxHosts(depsFor(settings), domain).then((hosts) => routeFor(settings, domain, hosts));
    },
    askEvidence: (question) => remembered(evidenceOf(question, depsFor(question.settings)), stateDir),
    takesWhole: (settings, host) => depsFor(settings).chunking?.of(host) === 'works',
    directStanding: () => keptStanding(stateDir, Date.now()),
    testServer: (settings, server, secret, keep) =>
      testServer(settings, server, secret, depsFor(settings), { signal: closing.signal, keep }),
    close: async () => {
      closing.abort(new Error('closed'));
      await Promise.all([...made.values()].map(({ kept }) => kept?.close()));
    },
  });
}

/** Asks the network about a sender, without a store. The result for direct delivery is remembered if a `stateDir` is given. */
export function askSender(
  question: SenderQuestion,
  labAddresses: string,
  stateDir?: string,
): Promise<readonly EvidenceItem[]> {
  return remembered(evidenceOf(question, makeDeps(question.settings.direct.dnsServers, labAddresses)), stateDir);
}

async function remembered(
  asked: Promise<readonly EvidenceItem[]>,
  stateDir: string | undefined,
): Promise<readonly EvidenceItem[]> {
  const items = await asked;
  if (stateDir !== undefined) keepStanding(stateDir, items, Date.now());
  return items;
}

/** Tests a server without a store: as far as a message would go. */
export async function tryServer(
  request: { settings: Settings; server: string; secret: string },
  labAddresses: string,
): Promise<readonly ServerTestStep[]> {
  const { settings, server, secret } = request;
  return (await testServer(settings, server, secret, makeDeps(settings.direct.dnsServers, labAddresses))).steps;
}

/** Tests the mail servers of a domain as direct delivery would, without sending. */
export function tryDirect(
  settings: Settings,
  domain: string,
  labAddresses: string,
): Promise<readonly ServerTestStep[]> {
  return testDirect(settings, domain, makeDeps(settings.direct.dnsServers, labAddresses));
}

function makeDeps(dnsServers: readonly string[], labAddresses: string): DeliveryDeps {
  try {
    return systemDeps({ dnsServers, labAddresses });
  } catch (error) {
    throw new UserError(
      'dnsServers',
      msg(
        'A DNS server or lab network address is not valid: {0}.',
        error instanceof Error ? error.message : String(error),
      ),
      msg('Correct dnsServers in envoi.direct, or ENVOI_LAB_ADDRESSES.'),
      { file: 'settings.json', key: 'envoi.direct.dnsServers' },
    );
  }
}

/** The mail hosts of a domain, best first; none when they cannot be looked up now. */
async function mxHosts(deps: DeliveryDeps, domain: string): Promise<string[]> {
  const answer = await deps.resolver.query(domain, 'MX');
  if (answer.kind !== 'found') return [];
  return [...answer.records].sort((a, b) => a.preference - b.preference).map((record) => record.exchange);
}
