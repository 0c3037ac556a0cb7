import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIP } from 'node:net';
import { systemClock } from '../../shared/clock.ts';
import type { DnsResult, RecordType, RecordTypes, Resolver } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { detailOf } from './attemptEnd.ts';
import { type Answer, type DnsMessage, decodeMessage, encodeQuery, typeCodes, UnaskableName } from './dnsWire.ts';
import { QuestionSlots } from './questionSlots.ts';

const UDP_TIMEOUTS_MS = [1_500, 3_000, 5_000];
const TCP_TIMEOUT_MS = 5_000;
const MAX_ALIASES = 10;
/** How long "there is none" holds when the server does not say (RFC 2308). */
const NEGATIVE_S = 300;

export interface DnsServerAddress {
  address: string;
  port: number;
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`; undefined when it is none of them. */
export function parseDnsServer(text: string): DnsServerAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  const number = port === undefined ? 53 : Number(port);
  return isIP(address) && number > 0 && number < 65536 ? { address, port: number } : undefined;
}

/** No server was reached: the fault is our own network's; `refused`: there is a network, but no server listens. */
class Unreached extends Error {
  readonly refused: boolean;

  constructor(error: unknown) {
    super(detailOf(error));
    this.refused = (error as { code?: unknown } | null)?.code === 'ECONNREFUSED';
  }
}

/**
 * A stub resolver: asks recursive servers, over UDP with a fresh port and a random id for each question, over TCP when
 * the answer is too long. Node's own resolver exposes neither the TTL of MX records nor whether DNSSEC validated them.
 */
export class DnsClient implements Resolver {
  readonly #servers: readonly DnsServerAddress[];
  readonly #timeoutsMs: readonly number[];
  /** The server that answered last is asked first: a dead one costs its timeout only once. */
  #first = 0;
  readonly #slots = new QuestionSlots(systemClock);

  /** No servers given = this machine's. Throws RangeError for one that cannot be read. */
  constructor(servers: readonly string[] = [], timeoutsMs: readonly number[] = UDP_TIMEOUTS_MS) {
    this.#servers = (servers.length > 0 ? servers : getServers()).map((server) => {
      const parsed = parseDnsServer(server);
      if (!parsed) throw new RangeError(`not a DNS server: ${server}`);
      return parsed;
    });
    this.#timeoutsMs = timeoutsMs;
  }

  async query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
    let wanted = name.toLowerCase().replace(/\.$/, '');
    let ttl = Number.POSITIVE_INFINITY;
    let authenticated = true;
    for (let hops = 0; hops <= MAX_ALIASES; hops++) {
      const asked = await this.#ask(wanted, type);
      if (asked instanceof Error) {
        const code = asked instanceof Unreached ? (asked.refused ? 'resolverDown' : 'dnsOffline') : 'dnsTemporary';
        return { kind: 'failed', code, detail: detail(faultDetails.question, type, wanted, asked.message) };
      }
      authenticated &&= asked.authenticated;
      const end = followAliases(asked.answers, wanted);
      if (!end) break;
      ttl = Math.min(ttl, end.ttl);
      const records = recordsOf(asked.answers, end.name, type);
      if (records.length > 0) {
        ttl = Math.min(ttl, ...records.map((record) => record.ttl));
        const values = records.map((record) => record.value);
        return { kind: 'found', records: values, name: end.name, ttlMs: ttl * 1000, authenticated };
      }
      const negative = negativeTtl(asked);
      if (end.name === wanted || asked.rcode !== 0 || negative !== undefined) {
        ttl = Math.min(ttl, negative ?? NEGATIVE_S);
        return { kind: asked.rcode === 3 ? 'noName' : 'noData', ttlMs: ttl * 1000, authenticated };
      }
      // The server returned the alias and left resolving it to us.
      wanted = end.name;
    }
    return { kind: 'failed', code: 'dnsTemporary', detail: detail(faultDetails.aliasCircle, name) };
  }

  /** Whether the first server answers over that protocol, whatever it says; "" = it does, else why not. Never rejects. */
  async reach(protocol: 'udp' | 'tcp'): Promise<string> {
    const [server] = this.#servers;
    if (!server) return detail(faultDetails.noNameServer);
    const id = randomInt(0x10000);
    const query = encodeQuery(id, '', 'A', false);
    const belongs = (message: DnsMessage) => message.isResponse && message.id === id;
    const patience = this.#timeoutsMs.at(-1) ?? TCP_TIMEOUT_MS;
    const asked = protocol === 'udp' ? overUdp(server, query, belongs, patience) : overTcp(server, query, belongs);
    return asked.then(
      () => '',
      (error: unknown) => detailOf(error),
    );
  }

  async #ask(name: string, type: RecordType): Promise<DnsMessage | Error> {
    const end = await this.#slots.take();
    try {
      return await this.#askServers(name, type);
    } finally {
      end();
    }
  }

  /** Every server in turn, with a longer timeout each round. "No such name" is final, so a second server has to agree. */
  async #askServers(name: string, type: RecordType): Promise<DnsMessage | Error> {
    let failure: Error = new Unreached(detail(faultDetails.noNameServer));
    let absent: DnsMessage | undefined;
    const answeredAbsent = new Set<DnsServerAddress>();
    for (const timeoutMs of this.#timeoutsMs) {
      for (const [index, server] of this.#inOrder()) {
        if (answeredAbsent.has(server)) continue;
        try {
          const message = await askServer(server, name, type, timeoutMs);
          if (message.rcode === 0 || message.rcode === 3) this.#first = index;
          if (message.rcode === 0) return message;
          if (message.rcode === 3) {
            if (absent || this.#servers.length === 1 || type !== 'MX') return message;
            absent = message;
            answeredAbsent.add(server);
            continue;
          }
          failure = new Error(detail(faultDetails.dnsRefused, server.address, rcodeName(message.rcode)));
        } catch (error) {
          if (error instanceof UnaskableName) return error;
          // One server that was reached and failed says more than another that was not.
          if (!(error instanceof Unreached) || failure instanceof Unreached) failure = error as Error;
        }
      }
      if (absent) return absent;
    }
    return failure;
  }

  #inOrder(): (readonly [number, DnsServerAddress])[] {
    const all = [...this.#servers.entries()];
    return [...all.slice(this.#first), ...all.slice(0, this.#first)];
  }
}

/** Where a name leads within one answer, and the shortest TTL on the way; null for a circle. */
function followAliases(answers: readonly Answer[], from: string): { name: string; ttl: number } | null {
  let name = from;
  let ttl = Number.POSITIVE_INFINITY;
  for (let hops = 0; hops <= MAX_ALIASES; hops++) {
    const alias = answers.find((answer) => answer.type === 'CNAME' && answer.name === name);
    if (alias?.type !== 'CNAME') return { name, ttl };
    name = alias.value;
    ttl = Math.min(ttl, alias.ttl);
  }
  return null;
}

function recordsOf<T extends RecordType>(
  answers: readonly Answer[],
  name: string,
  type: T,
): { ttl: number; value: RecordTypes[T] }[] {
  const wanted = (answer: Answer): boolean => answer.type === type && answer.name === name;
  return answers.filter(wanted).map(({ ttl, value }) => ({ ttl, value: value as RecordTypes[T] }));
}

function rcodeName(rcode: number): string {
  return { 1: 'FORMERR', 2: 'SERVFAIL', 4: 'NOTIMP', 5: 'REFUSED' }[rcode] ?? `RCODE ${rcode}`;
}

function negativeTtl(message: DnsMessage): number | undefined {
  const soa = message.authority.find((record) => record.type === 'SOA');
  return soa?.type === 'SOA' ? Math.min(soa.ttl, soa.value) : undefined;
}

async function askServer(
  server: DnsServerAddress,
  name: string,
  type: RecordType,
  timeoutMs: number,
): Promise<DnsMessage> {
  let edns = true;
  for (;;) {
    const id = randomInt(0x10000);
    const query = encodeQuery(id, name, type, edns);
    const belongs = (message: DnsMessage) =>
      message.isResponse &&
      message.id === id &&
      message.question.name === name &&
      message.question.type === typeCodes[type];
    let message = await overUdp(server, query, belongs, timeoutMs);
    if (message.truncated) message = await overTcp(server, query, belongs);
    // Old servers and middleboxes do not know EDNS.
    if (message.rcode === 1 && edns) edns = false;
    else return message;
  }
}

function overUdp(
  server: DnsServerAddress,
  query: Buffer,
  belongs: (message: DnsMessage) => boolean,
  timeoutMs: number,
): Promise<DnsMessage> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
    const finish = (result: DnsMessage | Error) => {
      clearTimeout(timer);
      socket.removeAllListeners('message');
      try {
        socket.close();
      } catch {
        // Closed before it was bound.
      }
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const timer = setTimeout(() => finish(new Error(detail(faultDetails.noDnsAnswer, server.address))), timeoutMs);
    socket.on('error', (error) => finish(new Unreached(error)));
    socket.on('message', (octets) => {
      try {
        const message = decodeMessage(octets);
        // A packet that does not match is spoofed or stray: the real answer may still come.
        if (belongs(message)) finish(message);
      } catch (error) {
        if (octets.length >= 2 && octets.readUInt16BE(0) === query.readUInt16BE(0)) finish(error as Error);
      }
    });
    // Connected, so that only this server's packets come in and "refused" is told. Not by the callback of `connect`: it is
    // called after a failure too (no route), and to send then throws.
    socket.once('connect', () => {
      socket.send(query, (error) => {
        if (error) finish(new Unreached(error));
      });
    });
    socket.connect(server.port, server.address);
  });
}

function overTcp(
  server: DnsServerAddress,
  query: Buffer,
  belongs: (message: DnsMessage) => boolean,
): Promise<DnsMessage> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port });
    const finish = (result: DnsMessage | Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const timer = setTimeout(
      () => finish(new Error(detail(faultDetails.noDnsAnswerTcp, server.address))),
      TCP_TIMEOUT_MS,
    );
    let received = Buffer.alloc(0);
    socket.on('error', (error) => finish(new Error(detailOf(error))));
    socket.on('close', () => finish(new Error(detail(faultDetails.dnsClosed, server.address))));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      try {
        const message = decodeMessage(received.subarray(2, 2 + received.readUInt16BE(0)));
        finish(belongs(message) ? message : new Error(detail(faultDetails.dnsAstray, server.address)));
      } catch (error) {
        finish(error as Error);
      }
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
  });
}
