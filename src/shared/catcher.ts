import type { CampaignSnapshot } from './campaign.ts';

/** The name of the built-in mailbox among the servers of a campaign. Reserved: no configured server may have it. */
export const CATCHER = 'caught here';

/** Whether everything went to the built-in mailbox: nothing was sent to anybody. */
export function isCaught({ transports }: Pick<CampaignSnapshot, 'transports'>): boolean {
  return transports.length > 0 && transports.every(({ name }) => name === CATCHER);
}
