import { isIP } from 'node:net';
import type { Resolver } from '../../shared/dns.ts';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { endText, replyText } from '../../shared/outcome.ts';
import type { DirectSettings } from '../../shared/settings.ts';
import { detailOf, Ended } from './attemptEnd.ts';
import type { DeliveryDeps } from './deps.ts';
import { dial } from './dial.ts';
import { helloName } from './extensions.ts';
import { findAddresses } from './hostAddresses.ts';
import { findMailHosts } from './mx.ts';
import { Wire } from './wire.ts';

/** Short, because a person is waiting. */
const CONNECT_MS = 8_000;
const REPLY_MS = 15_000;

export type MailServerGreeting =
  | { kind: 'greeted'; host: string; greeting: string; hello: string }
  | { kind: 'failed'; host: string; detail: string };

type Deps = Pick<DeliveryDeps, 'connect' | 'isForbiddenAddress' | 'isOwnAddress'>;

/** Greets the best mail server of a domain on port 25 and leaves with QUIT. No sender and no reader is named. Never rejects. */
export async function greetMailServer(
  domain: string,
  direct: Pick<DirectSettings, 'port' | 'ipFamily' | 'hello' | 'localAddress'>,
  resolver: Resolver,
  deps: Deps,
  signal: AbortSignal,
): Promise<MailServerGreeting> {
  const found = await findMailHosts(domain, resolver);
  if (found.kind === 'ended') return { kind: 'failed', host: domain, detail: endText(found.end) };
  const host = found.hosts.groups[0]?.[0] ?? domain;
  const addresses = await findAddresses(host, direct.ipFamily, resolver, deps);
  const address = addresses.kind === 'addresses' ? addresses.addresses.find((each) => isIP(each) === 4) : undefined;
  const chosen = address ?? (addresses.kind === 'addresses' ? addresses.addresses[0] : undefined);
  if (chosen === undefined) {
    const why = addresses.kind === 'none' ? addresses.detail : detail(faultDetails.thisComputer, host);
    return { kind: 'failed', host, detail: why };
  }
  let wire: Wire | undefined;
  try {
    const line = { address: chosen, port: direct.port, localAddress: direct.localAddress, connectMs: CONNECT_MS };
    wire = new Wire(await dial({ ...line, connect: deps.connect }, signal));
    const greeting = await wire.ask(null, 'greeting', REPLY_MS);
    if (greeting.code !== 220) return { kind: 'failed', host, detail: replyText(greeting) };
    const reply = await wire.ask(`EHLO ${helloName(direct.hello, wire.localAddress)}`, 'ehlo', REPLY_MS);
    await wire.ask('QUIT', 'ehlo', REPLY_MS).catch(() => {});
    return { kind: 'greeted', host, greeting: greeting.lines[0] ?? greeting.text, hello: reply.lines[0] ?? reply.text };
  } catch (error) {
    return { kind: 'failed', host, detail: error instanceof Ended ? endText(error.end) : detailOf(error) };
  } finally {
    wire?.destroy({ code: 'closed', detail: detail(faultDetails.closedByUs) });
  }
}
