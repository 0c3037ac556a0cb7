import type { StatusReason } from '../../../shared/statusReasons.ts';
import type { ColumnRule } from './exportRule.ts';

/** The column in which Write Back to the List says why a row is not mailed. */
export const OWN_STATUS = 'envoi_status';

const reasons: readonly StatusReason[] = ['unsubscribed', 'bounced', 'complained', 'blocked'];

/** What it says; an empty cell says nothing. */
export const ownRule: ColumnRule = {
  kind: 'values',
  leaveOut: new Map(reasons.map((reason) => [reason, reason])),
  keep: new Set(['']),
};
