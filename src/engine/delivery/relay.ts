import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import { readPlainText } from '../../shared/plainFile.ts';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import type { Destination, Located, Opened, Transport } from '../../shared/transport.ts';
import { type Lookup, lookUpRelay } from './addresses.ts';
import { detailOf, Ended, fault, informativeness } from './attemptEnd.ts';
import type { Credentials } from './auth.ts';
import type { ChunkingKnowledge } from './chunkingUse.ts';
import { type Endpoint, openSession, type SessionResult, type StepListener } from './connect.ts';
import type { Connect } from './dial.ts';
import { type KeptSessions, sessionKey } from './keptSessions.ts';
import { Race } from './race.ts';
import { stoppable } from './stoppable.ts';
import type { Timeouts } from './timeouts.ts';

const MAX_ADDRESSES = 4;

export interface RelayDeps {
  connect: Connect;
  lookup: Lookup;
  timeouts: Timeouts;
  kept?: KeptSessions | undefined;
  chunking?: ChunkingKnowledge | undefined;
}

/** A password or token, or a function that returns the current one. */
export type Secret = string | (() => string);

/**
 * Mail leaves through one named server. Its certificate is verified against its name, its password is sent encrypted
 * only, and nothing is ever downgraded: the configured security is used, or no mail leaves.
 */
export class RelayTransport implements Transport {
  readonly name: string;
  readonly accountKey: string;
  readonly #server: ServerSettings;
  readonly #secret: Secret;
  readonly #hello: string;
  readonly #deps: RelayDeps;
  readonly #destination: Destination;

  constructor(name: string, server: ServerSettings, hello: string, secret: Secret, deps: RelayDeps) {
    this.name = name;
    this.accountKey = secretKey(server);
    this.#server = server;
    this.#secret = secret;
    this.#hello = hello;
    this.#deps = deps;
    const { maxConnections, maxMessagesPerConnection, windows, pause } = server;
    this.#destination = {
      key: `relay:${this.accountKey}`,
      label: name,
      limits: { maxConnections, maxMessagesPerConnection, windows, ...(pause ? { pause } : {}) },
      adaptive: false,
    };
  }

  get #given(): string {
    return typeof this.#secret === 'string' ? this.#secret : this.#secret();
  }

  locate(_domain: string, _signal: AbortSignal): Promise<Located> {
    return Promise.resolve({ kind: 'destination', destination: this.#destination });
  }

  /** Refused with a password or token that was replaced meanwhile, it tries the new one: the refusal says nothing about that. */
  async openSession(destination: Destination, signal: AbortSignal): Promise<Opened> {
    const secret = this.#given;
    const session = await this.#deps.kept?.take(sessionKey(this.#server, this.#hello, secret));
    if (session) return { kind: 'session', session };
    const opened = await openRelay({ server: this.#server, hello: this.#hello, secret, deps: this.#deps }, signal);
    const outdated = opened.kind === 'ended' && opened.end.stage === 'auth' && secret !== this.#given;
    return outdated && !signal.aborted ? this.openSession(destination, signal) : opened;
  }
}

/** Opens a session with the first of the server's addresses that greets. Never rejects. */
export async function openRelay(
  { server, hello, secret, deps }: { server: ServerSettings; hello: string; secret: Secret; deps: RelayDeps },
  signal: AbortSignal,
  onStep: (step: 'dns' | 'connect' | 'tls' | 'auth', detail: string) => void = () => {},
): Promise<SessionResult & { host: string }> {
  const { host } = server;
  try {
    const credentials = credentialsOf(server, secret);
    const ca = await readAuthority(server.caFile);
    const addresses = (await stoppable(lookUpRelay(host, deps.lookup), signal)).slice(0, MAX_ADDRESSES);
    onStep('dns', addresses.join(', '));
    const { connect, timeouts } = deps;
    const chunking = deps.chunking && { knowledge: deps.chunking, depth: server.pipelineDepth ?? 1 };
    const lines = addresses.map((address) => ({
      line: { address, port: server.port, localAddress: '', connectMs: timeouts.connect, connect },
      headStartMs: timeouts.nextAddress,
    }));
    let end: AttemptEnd = fault('resolve', 'noAddress', detail(faultDetails.noAddress, host));
    const note = (other: AttemptEnd) => {
      // A reply, or a failure at a later stage, is more informative than another dead address.
      if (informativeness(other) > informativeness(end)) end = other;
    };
    const race = new Race(eachOf(lines), signal, (_line, failed) => note(failed));
    for (let won = await race.next(); won; won = await race.next()) {
      const endpoint: Endpoint = {
        ...won.contender.line,
        host,
        security: server.security,
        verification: { kind: 'name', ca },
        credentials,
        hello,
        timeouts,
        chunking,
      };
      const result = await openSession(endpoint, signal, onStep as StepListener, won.socket);
      if (result.kind === 'session') return { ...result, host };
      note(result.end);
      if (signal.aborted || (result.end.stage !== 'connect' && result.end.stage !== 'greeting')) break;
    }
    return { kind: 'ended', host, end };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { kind: 'ended', host, end: error.end };
  }
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function credentialsOf(server: ServerSettings, secret: Secret): Credentials | null {
  if (server.auth === 'none') return null;
  const value = typeof secret === 'string' ? secret : secret();
  if (value === '') throw new Ended(fault('auth', 'secretMissing', detail(faultDetails.noPassword, secretKey(server))));
  return { kind: server.auth, user: server.user, secret: value };
}

const MAX_AUTHORITY = 10_000_000;

async function readAuthority(file: string): Promise<string> {
  if (file === '') return '';
  try {
    return await readPlainText(file, MAX_AUTHORITY);
  } catch (error) {
    throw new Ended(fault('tls', 'tlsCertificate', detail(faultDetails.authorityUnreadable, detailOf(error))));
  }
}
