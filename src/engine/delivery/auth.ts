import { createHmac } from 'node:crypto';

export type Credentials =
  | { kind: 'password'; user: string; secret: string }
  /** `secret` is an access token. */
  | { kind: 'oauth2'; user: string; secret: string };

/** One SASL exchange (RFC 4954): the command, then an answer to each 334 challenge. */
export interface Exchange {
  mechanism: string;
  command: string;
  /** The line to answer the nth challenge with, or null when there is nothing left to say. */
  answer(challenge: string, nth: number): string | null;
}

/** In order of preference. Under TLS the simplest is best: the server need not store passwords in the clear. */
const preferred: Record<Credentials['kind'], readonly string[]> = {
  password: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  oauth2: ['XOAUTH2', 'OAUTHBEARER'],
};

/** The mechanisms that the server offers and that fit, in order of preference. Some servers refuse what they offer. */
export function exchanges(
  credentials: Credentials,
  offered: readonly string[],
  server: { host: string; port: number },
): Exchange[] {
  const names = preferred[credentials.kind].filter((name) => offered.includes(name));
  return names.map((name) => chooseExchange(credentials, [name], server)).filter((exchange) => exchange !== null);
}

/** Picks a mechanism the server offers, or null. */
export function chooseExchange(
  credentials: Credentials,
  offered: readonly string[],
  server: { host: string; port: number },
): Exchange | null {
  const mechanism = preferred[credentials.kind].find((name) => offered.includes(name));
  const { user, secret } = credentials;
  switch (mechanism) {
    case 'PLAIN':
      // Some servers ignore the initial response and ask for it again.
      return {
        mechanism,
        command: `AUTH PLAIN ${base64(`\0${user}\0${secret}`)}`,
        answer: (_challenge, nth) => (nth === 0 ? base64(`\0${user}\0${secret}`) : null),
      };
    case 'LOGIN':
      return {
        mechanism,
        command: 'AUTH LOGIN',
        answer: (_challenge, nth) => [base64(user), base64(secret)][nth] ?? null,
      };
    case 'CRAM-MD5':
      return {
        mechanism,
        command: 'AUTH CRAM-MD5',
        answer: (challenge, nth) => {
          if (nth > 0) return null;
          const digest = createHmac('md5', secret).update(Buffer.from(challenge, 'base64')).digest('hex');
          return base64(`${user} ${digest}`);
        },
      };
    case 'XOAUTH2':
      // A challenge is an error report here; an empty line makes the server send its final reply.
      return {
        mechanism,
        command: `AUTH XOAUTH2 ${base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`)}`,
        answer: (_challenge, nth) => (nth === 0 ? '' : null),
      };
    case 'OAUTHBEARER': {
      const name = user.replace(/=/g, '=3D').replace(/,/g, '=2C');
      const blob = `n,a=${name},\x01host=${server.host}\x01port=${server.port}\x01auth=Bearer ${secret}\x01\x01`;
      return {
        mechanism,
        command: `AUTH OAUTHBEARER ${base64(blob)}`,
        answer: (_challenge, nth) => (nth === 0 ? base64('\x01') : null),
      };
    }
    default:
      return null;
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
