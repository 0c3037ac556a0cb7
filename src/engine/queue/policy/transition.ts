import type { Attention, CampaignState } from '../../../shared/campaign.ts';

/** The state of a campaign: what it is doing, why it is not sending, and when it ended. */
export interface CampaignStanding {
  readonly state: CampaignState;
  readonly attention: readonly Attention[];
  readonly finishedAt: number;
}

export type CampaignEvent =
  /** Its start time has come. */
  | { kind: 'due' }
  | { kind: 'pause' }
  | { kind: 'resume'; startAt: number; now: number }
  | { kind: 'cancel'; now: number; inDoubt: number }
  /** It stops by itself: a person must act first. */
  | { kind: 'stop'; attention: Attention }
  /** Nothing of it is pending any more. */
  | { kind: 'finish'; now: number; inDoubt: number }
  /** Deliveries of a finished campaign are to be sent again. */
  | { kind: 'requeue' }
  /** A person has decided on the deliveries in doubt. */
  | { kind: 'decide'; inDoubt: number };

/** The state after the event, or null where the event does not change a campaign in this state. */
export function transition(campaign: CampaignStanding, event: CampaignEvent): CampaignStanding | null {
  const { state } = campaign;
  const over = state === 'done' || state === 'cancelled';
  const to = (next: CampaignState, finishedAt = 0, attention: readonly Attention[] = []): CampaignStanding => ({
    state: next,
    attention,
    finishedAt,
  });
  const doubts = (count: number): readonly Attention[] => (count > 0 ? [{ kind: 'inDoubt', count }] : []);
  switch (event.kind) {
    case 'due':
      return state === 'scheduled' ? to('running') : null;
    case 'pause':
      // Also when it seems paused already: a campaign opened read-only still runs in the store.
      return over ? null : to('paused');
    case 'resume':
      if (state !== 'paused' && state !== 'needsAction') return null;
      return to(event.startAt > event.now ? 'scheduled' : 'running');
    case 'cancel':
      return over ? null : to('cancelled', event.now, doubts(event.inDoubt));
    case 'stop':
      return state === 'running' || state === 'scheduled' ? to('needsAction', 0, [event.attention]) : null;
    case 'finish':
      return state === 'running' ? to('done', event.now, doubts(event.inDoubt)) : null;
    case 'requeue':
      return over ? to('running') : null;
    case 'decide':
      return over ? to(state, campaign.finishedAt, doubts(event.inDoubt)) : null;
    default:
      return event satisfies never;
  }
}
