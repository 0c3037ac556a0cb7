import type { ServerTestStep } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import type { DirectStanding } from '../shared/directStanding.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { Log } from '../shared/log.ts';
import type { AttemptEnd } from '../shared/outcome.ts';
import type { Settings } from '../shared/settings.ts';
import type { Ways } from './queue/run/runnerDeps.ts';
import type { StoreDecision } from './queue/store/storeDamage.ts';

/** The engine's environment, passed in so that tests and test labs can replace it. */
export interface EngineDeps extends Ways {
  stateDir: string;
  clock: Clock;
  log: Log;
  askEvidence: (question: SenderQuestion) => Promise<readonly EvidenceItem[]>;
  /** The last network check of direct delivery from this computer. */
  directStanding?: () => DirectStanding;
  /** Whether a relay is known to take messages whole (CHUNKING), so that its `pipelineDepth` holds. */
  takesWhole?: (settings: Settings, host: string) => boolean;
  /** `keep`: a campaign is about to start, and opened connections are kept for it. */
  testServer: (
    settings: Settings,
    server: string,
    secret: string,
    keep: boolean,
  ) => Promise<{ steps: readonly ServerTestStep[]; end: AttemptEnd | null }>;
  /** Called when the engine has closed. */
  close?: () => Promise<void>;
  /**
   * False: nothing is sent; for reading the store only. "asked": a campaign that was in progress when its engine was killed waits
   * until it is resumed, and in the store it stays in progress.
   */
  autostart?: boolean | 'asked';
  /** A person's decision on a damaged store. */
  decision?: StoreDecision;
}
