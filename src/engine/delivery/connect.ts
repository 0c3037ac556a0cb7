import type { Socket } from 'node:net';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { isLoopback } from '../../shared/loopback.ts';
import { type AttemptEnd, replyClass, replyText } from '../../shared/outcome.ts';
import { Ended, fault, replied } from './attemptEnd.ts';
import { type Credentials, type Exchange, exchanges } from './auth.ts';
import type { Chunking } from './chunkingUse.ts';
import { type Connect, dial } from './dial.ts';
import { type Extensions, helloName, noExtensions, parseExtensions } from './extensions.ts';
import type { LinedReply } from './replyReader.ts';
import { SmtpSession } from './session.ts';
import type { Timeouts } from './timeouts.ts';
import type { Verification } from './tls.ts';
import { monotonic, Wire } from './wire.ts';

/** One address to open a session with. */
export interface Endpoint {
  /** The name the certificate must prove; also shown to people. */
  host: string;
  address: string;
  port: number;
  /** "" = any. */
  localAddress: string;
  /** `opportunistic` encrypts when offered and continues in the clear when not; a failed handshake still ends the attempt. */
  security: 'tls' | 'starttls' | 'opportunistic' | 'none';
  verification: Verification;
  credentials: Credentials | null;
  /** Name for EHLO, or "" for this machine's. */
  hello: string;
  timeouts: Timeouts;
  connect: Connect;
  /** Absent: messages use DATA only. */
  chunking?: Chunking | undefined;
  /** Milliseconds of a monotonic clock; absent: this machine's. */
  now?: (() => number) | undefined;
}

export type SessionResult = { kind: 'session'; session: SmtpSession } | { kind: 'ended'; end: AttemptEnd };

/** Called for each completed step, with its result. */
export type StepListener = (step: 'connect' | 'tls' | 'auth', detail: string) => void;

/**
 * Greets, encrypts and signs in, over an existing connection or a new one. Never rejects; an aborted signal ends it
 * with fault `aborted`.
 */
export async function openSession(
  endpoint: Endpoint,
  signal: AbortSignal,
  onStep: StepListener = () => {},
  standing?: Socket,
): Promise<SessionResult> {
  let wire: Wire | undefined;
  const onAbort = () => wire?.destroy({ code: 'aborted', detail: detail(faultDetails.stopped) });
  try {
    const line = { ...endpoint, connectMs: endpoint.timeouts.connect };
    wire = new Wire(standing ?? (await dial(line, signal)), endpoint.now);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    return { kind: 'session', session: await shakeHands(wire, endpoint, onStep) };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    // QUIT would only cost a round trip: nothing is in progress.
    wire?.destroy({ code: 'closed', detail: detail(faultDetails.givenUp) });
    return { kind: 'ended', end: error.end };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function shakeHands(wire: Wire, endpoint: Endpoint, onStep: StepListener): Promise<SmtpSession> {
  const { host, address, port, timeouts, security, credentials, chunking } = endpoint;
  let tls = '';
  const secure = async () => {
    tls = await wire.startTls({ host, verification: endpoint.verification, timeoutMs: timeouts.tls });
    onStep('tls', tls);
  };
  if (security === 'tls') {
    onStep('connect', `${address}:${port}`);
    await secure();
  }
  const greeting = await wire.ask(null, 'greeting', timeouts.greeting);
  if (replyClass(greeting) !== 2) throw new Ended(replied('greeting', greeting));
  if (security !== 'tls') onStep('connect', `${address}:${port} ${greeting.text}`.trim());
  const hello = helloName(endpoint.hello, wire.localAddress);
  let { extensions, roundTripMs } = await greet(wire, hello, endpoint);
  if (security === 'starttls' || (security === 'opportunistic' && extensions.starttls)) {
    const refusal = extensions.starttls ? await startTls(wire, timeouts) : detail(faultDetails.noStartTls);
    if (refusal === '') {
      await secure();
      const again = await greet(wire, hello, endpoint);
      extensions = again.extensions;
      roundTripMs = Math.min(roundTripMs, again.roundTripMs);
    } else if (security === 'starttls') {
      throw new Ended(fault('tls', 'tlsUnavailable', refusal));
    }
  }
  if (credentials) {
    if (tls === '' && !isLoopback(address)) {
      throw new Ended(fault('auth', 'tlsUnavailable', detail(faultDetails.plainPassword)));
    }
    const mechanism = await authenticate(wire, credentials, extensions, endpoint);
    onStep('auth', mechanism);
  }
  return new SmtpSession(wire, { host, address, tls, extensions, timeouts, chunking, roundTripMs });
}

interface Greeted {
  extensions: Extensions;
  roundTripMs: number;
}

async function greet(wire: Wire, hello: string, { timeouts, security, now = monotonic }: Endpoint): Promise<Greeted> {
  const askedAt = now();
  const reply = await wire.ask(`EHLO ${hello}`, 'ehlo', timeouts.hello);
  const roundTripMs = now() - askedAt;
  if (replyClass(reply) === 2) return { extensions: parseExtensions(reply.lines), roundTripMs };
  if (replyClass(reply) !== 5) throw new Ended(replied('ehlo', reply));
  if (security === 'starttls') throw new Ended(fault('tls', 'tlsUnavailable', detail(faultDetails.noEhlo)));
  const plain = await wire.ask(`HELO ${hello}`, 'ehlo', timeouts.hello);
  if (replyClass(plain) !== 2) throw new Ended(replied('ehlo', plain));
  return { extensions: noExtensions, roundTripMs };
}

/** "" when the server is ready for the handshake, otherwise its reply. */
async function startTls(wire: Wire, timeouts: Timeouts): Promise<string> {
  const reply = await wire.ask('STARTTLS', 'tls', timeouts.hello);
  if (reply.code === 421) throw new Ended(replied('tls', reply));
  return replyClass(reply) === 2 ? '' : replyText(reply);
}

async function authenticate(
  wire: Wire,
  credentials: Credentials,
  extensions: Extensions,
  { host, port, timeouts }: Endpoint,
): Promise<string> {
  const ways = exchanges(credentials, extensions.auth, { host, port });
  let refusal: LinedReply | undefined;
  for (const exchange of ways) {
    const reply = await signIn(wire, exchange, timeouts);
    if (replyClass(reply) === 2) return exchange.mechanism;
    // The reply to the password is more informative than the reply to the next mechanism.
    if (!refusal || isUnknownMechanism(refusal)) refusal = reply;
    if (replyClass(reply) === 4 || reply.code === 421) break;
  }
  if (refusal) throw new Ended(replied('auth', refusal));
  const offered = extensions.auth.join(' ');
  const why = offered === '' ? detail(faultDetails.noSignIn) : detail(faultDetails.otherSignIn, offered);
  throw new Ended(fault('auth', 'authUnavailable', why));
}

async function signIn(wire: Wire, exchange: Exchange, timeouts: Timeouts): Promise<LinedReply> {
  let reply = await wire.ask(exchange.command, 'auth', timeouts.auth);
  for (let nth = 0; reply.code === 334; nth++) {
    const answer = exchange.answer(reply.text, nth);
    reply = await wire.ask(answer ?? '*', 'auth', timeouts.auth);
    if (answer === null && reply.code === 334)
      throw new Ended(fault('auth', 'protocol', detail(faultDetails.endlessSignIn)));
  }
  return reply;
}

/** "504 unrecognized authentication type" and the like say nothing about name and password. */
function isUnknownMechanism({ code }: LinedReply): boolean {
  return code === 504 || code === 502 || code === 500 || code === 501;
}
