import type { Resolver } from '../shared/dns.ts';
import type { UnsubscribeLink, UnsubscribeProof } from '../shared/unsubscribeProof.ts';

/** The world as the evaluators see it: passed in, so that tests and laboratories can make their own. */
export interface EvidencePorts {
  dns: Resolver;
  /** Text of a private key file; rejects when it cannot be read. */
  readKey(file: string): Promise<string>;
  /** What this computer says of itself in EHLO. */
  hello: string;
  /** Addresses of this computer's own, private ones too. */
  ownAddresses(): readonly string[];
  /** Whether it is an address that nobody elsewhere can reach. */
  isPrivate(address: string): boolean;
  /** Whether the name server answers over that protocol; "" = it does, else why not. */
  reachDns(protocol: 'udp' | 'tcp'): Promise<string>;
  /** Whether names known to be good are found just now: only then is a domain that is not found called dead. */
  dnsWorks(): Promise<boolean>;
  /** Opens port 25 of a domain's mail server, greets, and leaves with QUIT. Never rejects. */
  greetMailServer(domain: string, signal: AbortSignal): Promise<MailServerGreeting>;
  /** Tries the unsubscribe link with a token that belongs to no reader. Never rejects. */
  proveUnsubscribe(link: UnsubscribeLink, signal: AbortSignal): Promise<UnsubscribeProof>;
}

/** What a mail server said to a stranger who only greets. */
export type MailServerGreeting =
  /** `host`: the MX that was asked. `greeting`, `hello`: first lines of its replies, without the code. */
  { kind: 'greeted'; host: string; greeting: string; hello: string } | { kind: 'failed'; host: string; detail: string };
