import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** What the server knows of one name. Empty record lists = the name exists without them. */
export interface ZoneEntry {
  A?: readonly string[];
  AAAA?: readonly string[];
  MX?: readonly { preference: number; exchange: string }[];
  TXT?: readonly string[];
  PTR?: readonly string[];
  TLSA?: readonly { usage: number; selector: number; matching: number; data: Buffer }[];
  CNAME?: string;
  /** Seconds; 60 when not given. */
  ttl?: number;
  /** Answers come with the AD bit. */
  authenticated?: boolean;
  /** Says this instead of answering: by type, or for all. */
  fail?: Failure | Partial<Record<string, Failure>>;
  /** Over UDP only the truncated header comes. */
  truncate?: boolean;
  /** Gives an alias without what it leads to. */
  bareAlias?: boolean;
}

export type Failure = 'SERVFAIL' | 'REFUSED' | 'FORMERR' | 'hang' | 'garbage' | 'wrongId';

export type Zone = Record<string, ZoneEntry>;

const codes: Record<string, number> = { A: 1, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 };
const rcodes = { SERVFAIL: 2, REFUSED: 5, FORMERR: 1 } as const;

/** A DNS server over UDP and TCP on one free port of loopback, that knows only its zone: anything else is NXDOMAIN. */
export class DnsServer {
  zone: Zone;
  /** "MX example.org" and so on, in order; over TCP with " tcp" behind it. */
  readonly queries: string[] = [];
  /** Answers without EDNS only, as servers of old. */
  knowsEdns = true;
  readonly #udp: Socket;
  readonly #tcp: Server;

  private constructor(zone: Zone) {
    this.zone = zone;
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (query, from) => {
      const answer = this.#answer(query, false);
      if (answer) this.#udp.send(answer, from.port, from.address);
    });
    this.#tcp = createServer((socket) => {
      socket.on('error', () => {});
      let received = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
        const answer = this.#answer(received.subarray(2), true);
        if (!answer) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.end(Buffer.concat([length, answer]));
      });
    });
  }

  /** Both protocols have to get the same port. */
  static async start(zone: Zone = {}, port = 0, address = '127.0.0.1'): Promise<DnsServer> {
    for (let tries = 0; ; tries++) {
      const server = new DnsServer(zone);
      server.#tcp.listen(port, address);
      await once(server.#tcp, 'listening');
      const bound = once(server.#udp, 'listening');
      server.#udp.bind((server.#tcp.address() as AddressInfo).port, address);
      try {
        await bound;
        return server;
      } catch (error) {
        server.#tcp.close();
        if (port !== 0 || tries > 20) throw error;
      }
    }
  }

  get port(): number {
    return this.#udp.address().port;
  }

  /** As the setting `dnsServers` takes it. */
  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#udp.close();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  #answer(query: Buffer, tcp: boolean): Buffer | undefined {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'));
      at += 1 + length;
    }
    const name = labels.join('.').toLowerCase();
    const code = query.readUInt16BE(at + 1);
    const type = Object.keys(codes).find((key) => codes[key] === code) ?? String(code);
    const question = query.subarray(12, at + 5);
    this.queries.push(`${type} ${name}${tcp ? ' tcp' : ''}`);
    const entry = this.zone[name];
    const edns = query.readUInt16BE(10) > 0;
    const header = (rcode: number, answers: number, authority: number, flags = 0) => {
      const head = Buffer.alloc(12);
      head.writeUInt16BE(query.readUInt16BE(0), 0);
      head.writeUInt16BE(0x8180 | flags | rcode, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt16BE(answers, 6);
      head.writeUInt16BE(authority, 8);
      return Buffer.concat([head, question]);
    };
    if (edns && !this.knowsEdns) return header(1, 0, 0);
    const fail = typeof entry?.fail === 'string' ? entry.fail : entry?.fail?.[type];
    switch (fail) {
      case undefined:
        break;
      case 'hang':
        return undefined;
      case 'garbage':
        return Buffer.concat([query.subarray(0, 2), Buffer.from('no DNS at all')]);
      case 'wrongId': {
        const wrong = header(0, 0, 0);
        wrong.writeUInt16BE(query.readUInt16BE(0) ^ 0xffff, 0);
        return wrong;
      }
      default:
        return header(rcodes[fail], 0, 0);
    }
    if (entry?.truncate && !tcp) return header(0, 0, 0, 0x0200);
    const ad = entry?.authenticated ? 0x0020 : 0;
    const records = entry ? this.#records(name, type, entry.bareAlias ?? false) : [];
    const missing =
      !entry || (records.length === 1 && entry.CNAME !== undefined && !this.zone[entry.CNAME] && !entry.bareAlias);
    if (records.length > 0 && !missing) return Buffer.concat([header(0, records.length, 0, ad), ...records]);
    const alias = records.length;
    const soa = record('invalid', 'SOA', 60, Buffer.concat([encode('ns'), encode('root'), Buffer.alloc(16), u32(60)]));
    return Buffer.concat([header(missing ? 3 : 0, alias, 1, ad), ...records, soa]);
  }

  #records(name: string, type: string, bareAlias: boolean, depth = 0): Buffer[] {
    const entry = this.zone[name];
    if (!entry || depth > 20) return [];
    const ttl = entry.ttl ?? 60;
    if (entry.CNAME !== undefined) {
      const own = record(name, 'CNAME', ttl, encode(entry.CNAME));
      return bareAlias ? [own] : [own, ...this.#records(entry.CNAME, type, false, depth + 1)];
    }
    return values(entry, type).map((value) => record(name, type, ttl, value));
  }
}

function values(entry: ZoneEntry, type: string): Buffer[] {
  switch (type) {
    case 'A':
      return (entry.A ?? []).map((address) => Buffer.from(address.split('.').map(Number)));
    case 'AAAA':
      return (entry.AAAA ?? []).map(ipv6);
    case 'MX':
      return (entry.MX ?? []).map(({ preference, exchange }) => Buffer.concat([u16(preference), encode(exchange)]));
    case 'TXT':
      return (entry.TXT ?? []).map(strings);
    case 'PTR':
      return (entry.PTR ?? []).map(encode);
    case 'TLSA':
      return (entry.TLSA ?? []).map(({ usage, selector, matching, data }) =>
        Buffer.concat([Buffer.from([usage, selector, matching]), data]),
      );
    default:
      return [];
  }
}

function strings(text: string): Buffer {
  const octets = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < octets.length || at === 0; at += 255) {
    const part = octets.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat(parts);
}

function ipv6(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const before = groups(head);
  const after = groups(tail);
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.concat(all.map((group) => u16(Number.parseInt(group, 16))));
}

function encode(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0]),
  ]);
}

function record(name: string, type: string, ttl: number, data: Buffer): Buffer {
  return Buffer.concat([encode(name), u16(codes[type] as number), u16(1), u32(ttl), u16(data.length), data]);
}

function u16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}

function u32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return octets;
}
