import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';

/** What a server said it can do in its reply to EHLO. */
export interface Extensions {
  starttls: boolean;
  pipelining: boolean;
  /** BDAT (RFC 3030). */
  chunking: boolean;
  eightBitMime: boolean;
  smtpUtf8: boolean;
  enhancedStatusCodes: boolean;
  /** Whether SIZE was offered, and the most octets the server takes; Infinity when it names none (RFC 1870). */
  size: { offered: boolean; max: number };
  /** SASL mechanisms, upper case. */
  auth: readonly string[];
  /** RFC 9422: transactions in one connection, recipients in one transaction; Infinity when not announced. */
  mailMax: number;
  rcptMax: number;
  /** Keywords as offered, for people. */
  names: readonly string[];
}

export const noExtensions: Extensions = {
  starttls: false,
  pipelining: false,
  chunking: false,
  eightBitMime: false,
  smtpUtf8: false,
  enhancedStatusCodes: false,
  size: { offered: false, max: Number.POSITIVE_INFINITY },
  auth: [],
  mailMax: Number.POSITIVE_INFINITY,
  rcptMax: Number.POSITIVE_INFINITY,
  names: [],
};

/** Reads the lines of an EHLO reply; the first is the server's greeting and no keyword. */
export function parseExtensions(lines: readonly string[]): Extensions {
  const values = new Map<string, string>();
  const auth = new Set<string>();
  for (const line of lines.slice(1)) {
    const [, keyword = '', rest = ''] = /^([A-Za-z0-9-]+)[ =]?(.*)$/.exec(line) ?? [];
    const name = keyword.toUpperCase();
    if (name === '') continue;
    values.set(name, rest.trim());
    // Old servers write "AUTH=LOGIN PLAIN" beside "AUTH LOGIN PLAIN".
    if (name === 'AUTH') for (const mechanism of rest.toUpperCase().split(/[\s=]+/)) if (mechanism) auth.add(mechanism);
  }
  const limits = new Map(
    (values.get('LIMITS') ?? '').split(/\s+/).map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key.toUpperCase(), value] as const;
    }),
  );
  return {
    starttls: values.has('STARTTLS'),
    pipelining: values.has('PIPELINING'),
    chunking: values.has('CHUNKING'),
    eightBitMime: values.has('8BITMIME'),
    smtpUtf8: values.has('SMTPUTF8'),
    enhancedStatusCodes: values.has('ENHANCEDSTATUSCODES'),
    size: { offered: values.has('SIZE'), max: positive(values.get('SIZE')) },
    auth: [...auth],
    mailMax: positive(limits.get('MAILMAX')),
    rcptMax: positive(limits.get('RCPTMAX')),
    names: [...values.keys()],
  };
}

function positive(text: string | undefined): number {
  const value = /^[0-9]{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return value > 0 ? value : Number.POSITIVE_INFINITY;
}

/** Our name for EHLO: as set, else this machine's full name, else the connection's own address (RFC 5321 4.1.3). */
export function helloName(configured: string, localAddress: string | undefined, machine = hostname()): string {
  if (configured !== '') return configured;
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(machine) && !/\.(local|lan|home|localdomain)$/i.test(machine)) return machine;
  const address = localAddress ?? '127.0.0.1';
  return isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`;
}
