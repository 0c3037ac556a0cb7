import { type AttemptEnd, replyText } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { DeliveryDeps } from './deps.ts';
import { openRelay, type Secret } from './relay.ts';
import { relayTimeouts } from './timeouts.ts';

/** One step of a server test, in the order in which they are made; the last one may have failed. */
export interface ServerStep {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'sender' | 'ready';
  ok: boolean;
  /** What was found, or the server's own words. */
  detail: string;
}

/** A person waits for it. */
const PATIENCE = { connect: 10_000, greeting: 20_000, hello: 15_000, tls: 15_000, auth: 20_000, mail: 15_000 };

/**
 * Goes as far as a message would, without sending one: MAIL FROM is taken back with RSET. Never rejects; the signal
 * ends it early with a failed step.
 */
export async function testServer(
  settings: Pick<Settings, 'from' | 'servers' | 'direct'>,
  name: string,
  secret: Secret,
  deps: DeliveryDeps,
  signal: AbortSignal = new AbortController().signal,
): Promise<ServerStep[]> {
  const steps: ServerStep[] = [];
  const server = settings.servers[name];
  if (!server) return [{ step: 'dns', ok: false, detail: `there is no server ${name}` }];
  const timeouts = { ...(deps.timeouts ?? relayTimeouts), ...(deps.timeouts ? {} : PATIENCE) };
  const relay = {
    server,
    hello: settings.direct.hello,
    secret,
    deps: { connect: deps.connect, lookup: deps.lookup, timeouts },
  };
  const opened = await openRelay(relay, signal, (step, detail) => {
    // A second address tried: what the first one came to is history.
    const again = steps.findIndex((known) => known.step === step);
    if (again >= 0) steps.splice(again);
    steps.push({ step, ok: true, detail });
  });
  if (opened.kind === 'ended') {
    const step = stepOf(opened.end);
    const again = steps.findIndex((known) => known.step === step);
    if (again >= 0) steps.splice(again);
    steps.push({ step, ok: false, detail: wordsOf(opened.end) });
    return steps;
  }
  const { session } = opened;
  try {
    const sender = /<([^<>]*)>\s*$/.exec(settings.from)?.[1] ?? settings.from;
    const refusal = await session.probeSender(sender.trim());
    steps.push({ step: 'sender', ok: refusal === null, detail: refusal === null ? sender : wordsOf(refusal) });
    if (refusal === null) steps.push({ step: 'ready', ok: true, detail: session.extensions.names.join(' ') });
    return steps;
  } finally {
    await session.quit();
  }
}

export function stepOf(end: AttemptEnd): ServerStep['step'] {
  if (end.kind === 'fault' && end.code === 'secretMissing') return 'auth';
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

export function wordsOf(end: AttemptEnd): string {
  return end.kind === 'fault' ? end.detail : replyText(end.reply);
}
