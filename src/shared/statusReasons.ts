/** What a list's own column says about somebody who must not, or should not, be mailed. */
export const statusReasons = [
  'unsubscribed',
  'complained',
  'bounced',
  'cleaned',
  'blocked',
  'deleted',
  'refunded',
  'pending',
  'notSubscribed',
  'statusLeftOut',
] as const;
export type StatusReason = (typeof statusReasons)[number];
