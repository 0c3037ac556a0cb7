import { SimulatedServer } from '../src/engine/simulator/simulatedServer.ts';
import { systemClock } from '../src/shared/clock.ts';
import type { Behaviour } from '../src/shared/foresight.ts';
import type { AttemptEnd } from '../src/shared/outcome.ts';
import { seededRandom } from '../src/shared/seededRandom.ts';
import type { Act, SmtpScript } from '../test/support/smtpServer.ts';

/** A real server on loopback that behaves as a rehearsal has it: the same words at the same time, over SMTP. */
export function behaving(behaviour: Behaviour): SmtpScript {
  const brain = new SimulatedServer(behaviour, systemClock, seededRandom(1), 1);
  const { messageMs = 0 } = behaviour;
  let lost: ReturnType<SimulatedServer['drops']> = null;
  return {
    steps: {
      RCPT: (line) => {
        const refusal = brain.asked(/<(.*)>/.exec(line)?.[1] ?? '');
        return refusal ? said(refusal) : undefined;
      },
      DATA: () => {
        lost = brain.drops();
        return lost === 'before' ? { reset: true } : undefined;
      },
      dot: () => {
        if (lost === 'behind') return { reset: true };
        return messageMs > 0 ? { say: '250 2.0.0 taken', afterMs: messageMs } : undefined;
      },
    },
  };
}

function said(end: AttemptEnd): Act {
  if (end.kind === 'fault') return { reset: true };
  const { code, enhanced, text } = end.reply;
  return [code, enhanced, text].filter((part) => part !== '').join(' ');
}
