import type { AttemptEnd } from '../../shared/outcome.ts';
import { readPlainText } from '../../shared/plainFile.ts';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import type { Destination, Located, Opened, Transport } from '../../shared/transport.ts';
import { type Lookup, lookUpRelay } from './addresses.ts';
import type { Credentials } from './auth.ts';
import { detailOf, Ended, fault } from './ends.ts';
import { type Connect, type Endpoint, openSession, type SessionResult, type StepListener } from './open.ts';
import { stoppable } from './stoppable.ts';
import type { Timeouts } from './timeouts.ts';

/** How long an address may take to answer while there is another one to try. */
const IMPATIENT_MS = 5_000;
const MAX_ADDRESSES = 4;

export interface RelayDeps {
  connect: Connect;
  lookup: Lookup;
  timeouts: Timeouts;
}

/** A password or token, or where to get the present one. */
export type Secret = string | (() => string);

/**
 * Mail leaves through one named server. Its certificate is verified against its name, its password travels encrypted
 * only, and nothing is ever downgraded: what security was set is what is used, or no mail leaves.
 */
export class RelayTransport implements Transport {
  readonly name: string;
  readonly quotaKey: string;
  readonly #server: ServerSettings;
  readonly #secret: Secret;
  readonly #hello: string;
  readonly #deps: RelayDeps;
  readonly #destination: Destination;

  constructor(name: string, server: ServerSettings, hello: string, secret: Secret, deps: RelayDeps) {
    this.name = name;
    this.quotaKey = secretKey(server);
    this.#server = server;
    this.#secret = secret;
    this.#hello = hello;
    this.#deps = deps;
    const { maxConnections, maxMessagesPerConnection, windows, pause } = server;
    this.#destination = {
      key: `relay:${this.quotaKey}`,
      label: name,
      limits: { maxConnections, maxMessagesPerConnection, windows, ...(pause ? { pause } : {}) },
      adaptive: false,
    };
  }

  locate(_domain: string, _signal: AbortSignal): Promise<Located> {
    return Promise.resolve({ kind: 'destination', destination: this.#destination });
  }

  async open(_destination: Destination, signal: AbortSignal): Promise<Opened> {
    return openRelay({ server: this.#server, hello: this.#hello, secret: this.#secret, deps: this.#deps }, signal);
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
    let end: AttemptEnd | undefined;
    for (const [nth, address] of addresses.entries()) {
      const last = nth === addresses.length - 1;
      const endpoint: Endpoint = {
        host,
        address,
        port: server.port,
        localAddress: '',
        security: server.security,
        verification: { kind: 'name', ca },
        credentials,
        hello,
        timeouts: last ? deps.timeouts : { ...deps.timeouts, connect: Math.min(IMPATIENT_MS, deps.timeouts.connect) },
        connect: deps.connect,
      };
      const result = await openSession(endpoint, signal, onStep as StepListener);
      if (result.kind === 'session') return { ...result, host };
      // What a server said, or how far it came, tells more than another address being dead.
      if (!end || end.stage === 'connect') end = result.end;
      if (result.end.stage !== 'connect' && result.end.stage !== 'greeting') break;
      if (signal.aborted) break;
    }
    return { kind: 'ended', host, end: end ?? fault('resolve', 'noAddress', `${host} has no address`) };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { kind: 'ended', host, end: error.end };
  }
}

function credentialsOf(server: ServerSettings, secret: Secret): Credentials | null {
  if (server.auth === 'none') return null;
  const value = typeof secret === 'string' ? secret : secret();
  if (value === '') throw new Ended(fault('auth', 'secretMissing', `no password is known for ${secretKey(server)}`));
  return { kind: server.auth, user: server.user, secret: value };
}

const MAX_AUTHORITY = 10_000_000;

async function readAuthority(file: string): Promise<string> {
  if (file === '') return '';
  try {
    return await readPlainText(file, MAX_AUTHORITY);
  } catch (error) {
    throw new Ended(fault('tls', 'tlsCertificate', `the certificate file cannot be read: ${detailOf(error)}`));
  }
}
