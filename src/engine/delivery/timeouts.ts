/** How long each step may take, in milliseconds (RFC 5321 4.5.3.2). */
export interface Timeouts {
  connect: number;
  /** After which another address of the host is tried in parallel (RFC 8305 5), one of the other family, another host. */
  nextAddress: number;
  nextFamily: number;
  nextHost: number;
  greeting: number;
  /** EHLO, STARTTLS, RSET. */
  hello: number;
  /** The TLS handshake. */
  tls: number;
  auth: number;
  mail: number;
  rcpt: number;
  data: number;
  /** One block of content; blocks are 64 KiB. */
  block: number;
  /** The reply to the final dot. Long, because giving up here puts the message in doubt. */
  dot: number;
  quit: number;
}

export const directTimeouts: Timeouts = {
  connect: 30_000,
  nextAddress: 250,
  nextFamily: 2_000,
  nextHost: 5_000,
  greeting: 300_000,
  hello: 300_000,
  tls: 60_000,
  auth: 60_000,
  mail: 300_000,
  rcpt: 300_000,
  data: 120_000,
  block: 180_000,
  dot: 600_000,
  quit: 3_000,
};

export const relayTimeouts: Timeouts = { ...directTimeouts, greeting: 60_000, hello: 60_000 };
