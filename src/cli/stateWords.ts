import type { CampaignState, DeliveryState } from '../shared/campaign.ts';
import { msg, type Text } from '../shared/errors.ts';

export const campaignStateText: Readonly<Record<CampaignState, Text>> = {
  scheduled: msg('scheduled'),
  running: msg('running'),
  paused: msg('paused'),
  needsAction: msg('needs attention'),
  done: msg('done'),
  cancelled: msg('cancelled'),
};

export const deliveryStateText: Readonly<Record<DeliveryState, Text>> = {
  queued: msg('queued'),
  sending: msg('sending'),
  deferred: msg('will be retried'),
  sent: msg('sent'),
  rejected: msg('rejected'),
  expired: msg('expired'),
  suppressed: msg('suppressed'),
  inDoubt: msg('in doubt'),
  cancelled: msg('cancelled'),
};
