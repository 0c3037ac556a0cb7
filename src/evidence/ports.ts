import type { Resolver } from '../shared/dns.ts';
import type { UnsubscribeLink, UnsubscribeProof } from '../shared/unsubscribeProof.ts';

/** The evaluators' environment, passed in so that tests and test labs can replace it. */
export interface EvidencePorts {
  dns: Resolver;
  /** Text of a private key file; rejects when it cannot be read. */
  readKey(file: string): Promise<string>;
  /** This computer's EHLO name. */
  hello: string;
  /** Addresses of this computer, private ones included. */
  ownAddresses(): readonly string[];
  /** Whether it is an address that nobody else can reach. */
  isPrivate(address: string): boolean;
  /** Whether the name server responds over that protocol; "" = it does, otherwise the reason. */
  reachDns(protocol: 'udp' | 'tcp'): Promise<string>;
  /** Whether names known to be good are found at present: only then is a domain that is not found reported dead. */
  dnsWorks(): Promise<boolean>;
  /** Opens port 25 of a domain's mail server, greets, and leaves with QUIT. Never rejects. */
  greetMailServer(domain: string, signal: AbortSignal): Promise<MailServerGreeting>;
  /** Tests the unsubscribe link with a token that belongs to no reader. Never rejects. */
  proveUnsubscribe(link: UnsubscribeLink, signal: AbortSignal): Promise<UnsubscribeProof>;
}

/** A mail server's replies to a client that only says EHLO. */
export type MailServerGreeting =
  /** `host`: the MX that was asked. `greeting`, `hello`: first lines of its replies, without the code. */
  { kind: 'greeted'; host: string; greeting: string; hello: string } | { kind: 'failed'; host: string; detail: string };
