import type { ReplyRule } from '../../providers/replyRule.ts';
import { accountReplies, identityReplies } from './rules/account.ts';
import { messageReplies, relayingReplies } from './rules/message.ts';
import { pathReplies, remoteReplies } from './rules/path.ts';
import { fullByCode, recipientPolicyReplies, recipientReplies } from './rules/recipient.ts';

/**
 * Replies of all kinds of servers. The first match wins, and the order matters: rules about us come
 * before rules that mark a reader, and specific words before vague ones.
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
