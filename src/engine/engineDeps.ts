import type { ServerTestStep } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import type { DirectStanding } from '../shared/directStanding.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { Log } from '../shared/log.ts';
import type { AttemptEnd } from '../shared/outcome.ts';
import type { Settings } from '../shared/settings.ts';
import type { Ways } from './queue/run/runnerDeps.ts';
import type { StoreDecision } from './queue/store/storeDamage.ts';

/** The world as the engine sees it: passed in, so that tests and laboratories can make their own. */
export interface EngineDeps extends Ways {
  stateDir: string;
  clock: Clock;
  log: Log;
  askEvidence: (question: SenderQuestion) => Promise<readonly EvidenceItem[]>;
  /** What the network last said of direct delivery from here. */
  directStanding?: () => DirectStanding;
  /** `keep`: a campaign is about to begin, and what was opened is left open for it. */
  testServer: (
    settings: Settings,
    server: string,
    secret: string,
    keep: boolean,
  ) => Promise<{ steps: readonly ServerTestStep[]; end: AttemptEnd | null }>;
  /** Called when the engine has closed. */
  close?: () => Promise<void>;
  /**
   * False: nothing moves; for looking at the store only. "asked": what an engine left under way when it was killed waits until it
   * is resumed, and in the store it still is under way.
   */
  autostart?: boolean | 'asked';
  /** A person's word on a store that was found damaged. */
  decision?: StoreDecision;
}
