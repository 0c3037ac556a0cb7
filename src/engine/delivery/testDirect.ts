import { endText } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { DeliveryDeps } from './deps.ts';
import { DirectTransport } from './direct.ts';
import { type ServerStep, stepOf } from './testServer.ts';
import { directTimeouts } from './timeouts.ts';

/** Short, because a person is waiting. */
const PATIENCE = { connect: 10_000, greeting: 20_000, hello: 15_000, tls: 15_000 };

/**
 * Whether mail for a domain would get as far as EHLO and, where it is offered, encryption. Nothing is sent, and no
 * reader is named. Never rejects.
 */
export async function testDirect(
  settings: Pick<Settings, 'direct'>,
  domain: string,
  deps: DeliveryDeps,
  signal: AbortSignal = new AbortController().signal,
): Promise<ServerStep[]> {
  const timeouts = deps.timeouts ?? { ...directTimeouts, ...PATIENCE };
  const direct = new DirectTransport(settings.direct, { ...deps, timeouts });
  const located = await direct.locate(domain, signal);
  if (located.kind === 'ended') return [{ step: stepOf(located.end), ok: false, detail: endText(located.end) }];
  const { destination } = located;
  const steps: ServerStep[] = [{ step: 'dns', ok: true, detail: destination.label }];
  const opened = await direct.openSession(destination, signal);
  if (opened.kind === 'ended')
    return [...steps, { step: stepOf(opened.end), ok: false, detail: `${opened.host}: ${endText(opened.end)}` }];
  const { session } = opened;
  steps.push({ step: 'connect', ok: true, detail: `${session.host} (${session.address})` });
  if (session.tls !== '') steps.push({ step: 'tls', ok: true, detail: session.tls });
  await session.quit();
  return [...steps, { step: 'ready', ok: true, detail: domain }];
}
