import { SocketAddress } from 'node:net';
import type { RecordType, RecordTypes } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';

/** DNS messages as octets (RFC 1035, EDNS RFC 6891). Only what a mail client asks. */
export const typeCodes = { A: 1, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, OPT: 41, TLSA: 52 } as const;

const typeNames = new Map<number, string>(Object.entries(typeCodes).map(([name, code]) => [code, name]));
const CLASS_IN = 1;
/** Answers larger than this are fetched over TCP: this is what passes every network unfragmented. */
const UDP_SIZE = 1232;

export type Answer =
  | { [T in RecordType]: { type: T; name: string; ttl: number; value: RecordTypes[T] } }[RecordType]
  | { type: 'CNAME'; name: string; ttl: number; value: string }
  | { type: 'SOA'; name: string; ttl: number; value: number };

export interface DnsMessage {
  id: number;
  isResponse: boolean;
  truncated: boolean;
  authenticated: boolean;
  /** 0 no error, 1 format error, 2 server failure, 3 no such name, 5 refused. */
  rcode: number;
  question: { name: string; type: number };
  answers: readonly Answer[];
  authority: readonly Answer[];
}

/** A message that cannot be parsed; the server that sent it is at fault. */
export class MalformedDns extends Error {
  constructor(why: string) {
    super(detail(faultDetails.malformedDns, why));
    this.name = 'MalformedDns';
  }
}

/** A name that cannot be queried: no server is at fault. */
export class UnaskableName extends MalformedDns {}

/** A recursive query that asks for DNSSEC proof when `edns`. Throws UnaskableName for a name that cannot be asked. */
export function encodeQuery(id: number, name: string, type: RecordType, edns: boolean): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(0x0120, 2); // RD, and AD: "tell me whether it was proved" (RFC 6840 5.7)
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(edns ? 1 : 0, 10);
  const question = Buffer.alloc(4);
  question.writeUInt16BE(typeCodes[type], 0);
  question.writeUInt16BE(CLASS_IN, 2);
  const parts = [header, encodeName(name), question];
  if (edns) {
    const opt = Buffer.alloc(11);
    opt.writeUInt16BE(typeCodes.OPT, 1);
    opt.writeUInt16BE(UDP_SIZE, 3);
    opt.writeUInt16BE(0x8000, 7); // DO
    parts.push(opt);
  }
  return Buffer.concat(parts);
}

function encodeName(name: string): Buffer {
  const parts: Buffer[] = [];
  for (const label of name === '' ? [] : name.split('.')) {
    const octets = Buffer.from(label, 'latin1');
    if (octets.length === 0 || octets.length > 63) throw new UnaskableName(`label of ${octets.length} octets`);
    parts.push(Buffer.from([octets.length]), octets);
  }
  const encoded = Buffer.concat([...parts, Buffer.from([0])]);
  if (encoded.length > 255) throw new MalformedDns('name too long');
  return encoded;
}

/** Throws MalformedDns. Records of other types and classes are left out. */
export function decodeMessage(octets: Buffer): DnsMessage {
  if (octets.length < 12) throw new MalformedDns('no header');
  const flags = octets.readUInt16BE(2);
  if (octets.readUInt16BE(4) !== 1) throw new MalformedDns('not one question');
  const asked = readName(octets, 12);
  need(octets, asked.next, 4);
  const question = { name: asked.name, type: octets.readUInt16BE(asked.next) };
  const answers = readRecords(octets, asked.next + 4, octets.readUInt16BE(6));
  const authority = readRecords(octets, answers.next, octets.readUInt16BE(8));
  return {
    id: octets.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    truncated: (flags & 0x0200) !== 0,
    authenticated: (flags & 0x0020) !== 0,
    rcode: flags & 0x000f,
    question,
    answers: answers.records,
    authority: authority.records,
  };
}

function readRecords(octets: Buffer, from: number, count: number): { records: Answer[]; next: number } {
  const records: Answer[] = [];
  let at = from;
  for (let nth = 0; nth < count; nth++) {
    const { name, next } = readName(octets, at);
    need(octets, next, 10);
    const type = typeNames.get(octets.readUInt16BE(next));
    const isInternet = octets.readUInt16BE(next + 2) === CLASS_IN;
    const rawTtl = octets.readUInt32BE(next + 4);
    const length = octets.readUInt16BE(next + 8);
    const start = next + 10;
    need(octets, start, length);
    at = start + length;
    // RFC 2181 8: a TTL with the highest bit set counts as zero.
    const ttl = rawTtl > 0x7fffffff ? 0 : rawTtl;
    const record = type && isInternet ? readValue(octets, type, start, at) : undefined;
    if (record) records.push({ ...record, name, ttl } as Answer);
  }
  return { records, next: at };
}

function readValue(
  octets: Buffer,
  type: string,
  from: number,
  to: number,
): { type: string; value: unknown } | undefined {
  const length = to - from;
  switch (type) {
    case 'A':
      if (length !== 4) throw new MalformedDns('address length');
      return { type, value: octets.subarray(from, to).join('.') };
    case 'AAAA':
      if (length !== 16) throw new MalformedDns('address length');
      return { type, value: ipv6(octets.subarray(from, to)) };
    case 'CNAME':
    case 'PTR':
      return { type, value: readName(octets, from, to).name };
    case 'MX':
      if (length < 3) throw new MalformedDns('MX length');
      return {
        type,
        value: { preference: octets.readUInt16BE(from), exchange: readName(octets, from + 2, to).name },
      };
    case 'TXT':
      return { type, value: readStrings(octets, from, to) };
    case 'TLSA':
      if (length < 4) throw new MalformedDns('TLSA length');
      return {
        type,
        value: {
          usage: octets[from],
          selector: octets[from + 1],
          matching: octets[from + 2],
          data: Buffer.from(octets.subarray(from + 3, to)),
        },
      };
    case 'SOA': {
      const mname = readName(octets, from, to);
      const { next } = readName(octets, mname.next, to);
      if (to - next !== 20) throw new MalformedDns('SOA length');
      return { type, value: octets.readUInt32BE(next + 16) };
    }
    default:
      return undefined;
  }
}

function readStrings(octets: Buffer, from: number, to: number): string {
  const parts: Buffer[] = [];
  for (let at = from; at < to; ) {
    const length = octets[at] as number;
    if (at + 1 + length > to) throw new MalformedDns('TXT string');
    parts.push(octets.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Follows compression pointers only backwards, so no message can lead it in a circle. `next` is behind the name. */
function readName(octets: Buffer, from: number, limit = octets.length): { name: string; next: number } {
  const labels: string[] = [];
  let at = from;
  let end = limit;
  let next = -1;
  let size = 0;
  for (;;) {
    if (at >= end) throw new MalformedDns('name runs out');
    const length = octets[at] as number;
    if ((length & 0xc0) === 0xc0) {
      need(octets, at, 2);
      const target = octets.readUInt16BE(at) & 0x3fff;
      if (next < 0) next = at + 2;
      if (target >= at) throw new MalformedDns('pointer forwards');
      end = at;
      at = target;
    } else if (length > 63) {
      throw new MalformedDns('label type');
    } else if (length === 0) {
      return { name: labels.join('.'), next: next < 0 ? at + 1 : next };
    } else {
      size += length + 1;
      if (size > 254 || at + 1 + length > end) throw new MalformedDns('name too long');
      labels.push(label(octets.subarray(at + 1, at + 1 + length)));
      at += 1 + length;
    }
  }
}

/** Octets that are not part of a host name are escaped, so that a dot inside a label cannot pass for a label boundary. */
function label(octets: Buffer): string {
  return octets
    .toString('latin1')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, (character) => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`);
}

function need(octets: Buffer, at: number, length: number): void {
  if (at + length > octets.length) throw new MalformedDns('cut off');
}

function ipv6(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, nth) => octets.readUInt16BE(nth * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
