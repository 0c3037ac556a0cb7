import type { Resolver } from '../shared/dns.ts';

/** The world as the evaluators see it: passed in, so that tests and laboratories can make their own. */
export interface EvidencePorts {
  dns: Resolver;
  /** Text of a private key file; rejects when it cannot be read. */
  readKey(file: string): Promise<string>;
}
