import type { ReplyRule } from '../../providers/replyRule.ts';
import { accountReplies, identityReplies } from './rules/account.ts';
import { messageReplies, relayingReplies } from './rules/message.ts';
import { pathReplies, remoteReplies } from './rules/path.ts';
import { fullByCode, recipientPolicyReplies, recipientReplies } from './rules/recipient.ts';

/**
 * What servers of all kinds say. The first match wins, and the order is a statement: what could be about us is asked
 * before what marks a reader, and specific words before vague ones.
 */
export const commonReplies: readonly ReplyRule[] = [
  ...recipientPolicyReplies,
  ...fullByCode,
  ...accountReplies,
  ...identityReplies,
  ...pathReplies,
  ...messageReplies,
  ...relayingReplies,
  ...recipientReplies,
  ...remoteReplies,
];
