import type { Attention, CampaignState } from '../../../shared/campaign.ts';

/** Where a campaign stands: what it does, why it does not, and since when it is over. */
export interface CampaignStanding {
  readonly state: CampaignState;
  readonly attention: readonly Attention[];
  readonly finishedAt: number;
}

export type CampaignEvent =
  /** Its hour has come. */
  | { kind: 'due' }
  | { kind: 'pause' }
  | { kind: 'resume'; startAt: number; now: number }
  | { kind: 'cancel'; now: number; inDoubt: number }
  /** It stops by itself: a person must do something first. */
  | { kind: 'stop'; attention: Attention }
  /** Nothing of it is open any more. */
  | { kind: 'finish'; now: number; inDoubt: number }
  /** Deliveries of one that was over are to be sent again. */
  | { kind: 'requeue' }
  /** A person has decided on what was in doubt. */
  | { kind: 'decide'; inDoubt: number };

/** Where it stands after the event, or null where the event changes nothing for a campaign that stands so. */
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
      // Also when it seems paused already: one that is only looked at still runs in the store.
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
