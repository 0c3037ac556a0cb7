import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { type AttemptEnd, endText } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { DeliveryDeps } from './deps.ts';
import { sessionKey } from './keptSessions.ts';
import { openRelay } from './relay.ts';
import { relayTimeouts } from './timeouts.ts';

/** One step of a server test, in the order in which they are made; the last one may have failed. */
export interface ServerStep {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'sender' | 'ready';
  ok: boolean;
  /** What was found, or the server's own words. */
  detail: string;
}

export interface ServerTest {
  steps: readonly ServerStep[];
  /** Why it failed, or null. */
  end: AttemptEnd | null;
}

/** Short, because a person is waiting. */
const PATIENCE = { connect: 10_000, greeting: 20_000, hello: 15_000, tls: 15_000, auth: 20_000, mail: 15_000 };

/**
 * Goes as far as a message would, without sending one: MAIL FROM is reset with RSET. Never rejects; the signal
 * ends it early with a failed step. `keep`: the connection stays open for a campaign that is about to start.
 */
export async function testServer(
  settings: Pick<Settings, 'from' | 'servers' | 'direct'>,
  name: string,
  secret: string,
  deps: DeliveryDeps,
  { signal = new AbortController().signal, keep = false }: { signal?: AbortSignal; keep?: boolean } = {},
): Promise<ServerTest> {
  const steps: ServerStep[] = [];
  const server = settings.servers[name];
  if (!server) return { steps: [{ step: 'dns', ok: false, detail: detail(faultDetails.noServer, name) }], end: null };
  const timeouts = { ...(deps.timeouts ?? relayTimeouts), ...(deps.timeouts ? {} : PATIENCE) };
  const relay = {
    server,
    hello: settings.direct.hello,
    secret,
    deps: { connect: deps.connect, lookup: deps.lookup, timeouts, chunking: deps.chunking },
  };
  // A step that is made again, with a second address, or that failed after all: its first result no longer matters.
  const note = (made: ServerStep) => {
    const again = steps.findIndex(({ step }) => step === made.step);
    if (again >= 0) steps.splice(again);
    steps.push(made);
  };
  const fail = (end: AttemptEnd): ServerTest => {
    note({ step: stepOf(end), ok: false, detail: endText(end) });
    return { steps, end };
  };
  const opened = await openRelay(relay, signal, (step, found) => note({ step, ok: true, detail: found }));
  if (opened.kind === 'ended') return fail(opened.end);
  const { session } = opened;
  let kept = false;
  const cut = () => session.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    const sender = /<([^<>]*)>\s*$/.exec(settings.from)?.[1] ?? settings.from;
    const refusal = await session.probeSender(sender.trim());
    if (refusal) return fail(refusal);
    steps.push({ step: 'sender', ok: true, detail: sender });
    steps.push({ step: 'ready', ok: true, detail: session.extensions.names.join(' ') });
    if (keep && deps.kept && !signal.aborted) {
      deps.kept.keep(sessionKey(server, settings.direct.hello, secret), session);
      kept = true;
    }
    return { steps, end: null };
  } finally {
    signal.removeEventListener('abort', cut);
    if (!kept) await session.quit();
  }
}

/** Where a test failed. A server that falls silent, or closes the connection, says nothing about the sender. */
export function stepOf(end: AttemptEnd): ServerStep['step'] {
  if (end.kind === 'fault' && end.code === 'secretMissing') return 'auth';
  if (end.kind === 'fault' && end.stage === 'mail' && end.code !== 'badAddress') return 'connect';
  switch (end.stage) {
    case 'resolve':
      return 'dns';
    case 'connect':
    case 'greeting':
    case 'ehlo':
      return 'connect';
    case 'tls':
      return 'tls';
    case 'auth':
      return 'auth';
    default:
      return 'sender';
  }
}
