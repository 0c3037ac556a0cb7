import type { ServerTestStep } from '../../protocol/engineApi.ts';
import { runSteps } from '../asking/multiStep.ts';
import { type AskedServer, askedServerOf, draftOf, type StepName } from './serverDraft.ts';
import { serverSteps } from './serverSteps.ts';
import { knownServices } from './services.ts';

/** Provider, host, security, sign-in, user, password, name; one after another with a way back. */
export async function askServer(
  taken: readonly string[],
  promise: string,
  before?: { asked: AskedServer; failed: ServerTestStep['step'] | undefined },
): Promise<AskedServer> {
  const draft = draftOf(before?.asked);
  const steps = serverSteps({ draft, services: await knownServices(), taken, promise });
  await runSteps(steps, before ? stepToMend(before.failed) : undefined);
  return askedServerOf(draft);
}

/** The step to return to after a failed test: what was most likely wrong, and no further back. */
export function stepToMend(failed: ServerTestStep['step'] | undefined): StepName {
  switch (failed) {
    case 'auth':
      return 'secret';
    case 'sender':
      return 'user';
    case 'tls':
      return 'security';
    case 'dns':
    case 'connect':
      return 'host';
    case 'ready':
    case undefined:
      return 'service';
    default:
      return failed satisfies never;
  }
}
