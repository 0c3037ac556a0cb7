import type { ProviderId } from '../../providers/providers.ts';
import {
  type Act,
  block,
  content,
  credentials,
  full,
  HOUR,
  MINUTE,
  malformed,
  quota,
  type ReplyRule,
  reject,
  slow,
  suppress,
} from './replyRule.ts';

const recipientRate: Act = { do: 'later', afterMs: HOUR };
const dayQuota: Act = { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: false } };
const microsoft: readonly ProviderId[] = ['outlook', 'microsoft365'];

/**
 * What single providers say, in their own words. The first match wins, so a new rule goes above those it must beat;
 * it comes with a real reply in test/fixtures/replies.ts.
 */
export const providerReplies: readonly ReplyRule[] = [
  // Gmail, and the relays of Google
  {
    who: 'google',
    match: /^550 5\.4\.5|^550 5\.7\.1 .*relay sending limit|^550 5\.7\.1 .*daily (?:smtp relay|user sending)/i,
    cause: 'quota',
    scope: 'account',
    act: dayQuota,
  },
  {
    who: 'google',
    match: /^4\d\d 4\.\d\.\d .*(?:peak smtp relay limit|relay limit exceeded)/i,
    cause: 'quota',
    scope: 'account',
    act: quota,
  },
  {
    who: 'google',
    match: /^(?:535|534|530|538) |^550 5\.7\.[01] .*(?:invalid credentials for relay|relay denied|mail relay denied)/i,
    cause: 'credentials',
    scope: 'account',
    act: credentials,
  },
  {
    who: 'google',
    match: /^454 4\.7\.0/i,
    cause: 'credentials',
    scope: 'account',
    act: { do: 'next', otherwise: 'later', close: { forMs: 5 * MINUTE, needsAction: false } },
  },
  {
    who: 'google',
    match: /receiving (?:e?mail|messages) (?:too quickly|at a rate)/i,
    cause: 'recipientRate',
    scope: 'recipient',
    act: recipientRate,
  },
  { who: 'google', match: /^550 5\.1\.1|^553 5\.1\.[1236]/i, cause: 'unknownUser', scope: 'recipient', act: suppress },
  { who: 'google', match: /^550 5\.2\.1/i, cause: 'mailboxDisabled', scope: 'recipient', act: suppress },
  {
    who: 'google',
    match: /^[45]52 [45]\.2\.2|out of storage space/i,
    cause: 'mailboxFull',
    scope: 'recipient',
    act: full,
  },
  { who: 'google', match: /^\d{3} [45]\.7\.29|tls required/i, cause: 'tlsRequired', scope: 'path', act: block },
  {
    who: 'google',
    match: /^\d{3} [45]\.7\.(?:23|25)\b|ptr record|ipv6 sending guidelines|not authorized to send email directly/i,
    cause: 'noReverseDns',
    scope: 'path',
    act: block,
  },
  {
    who: 'google',
    match: /^\d{3} [45]\.7\.(?:24|26|27|30|32|40)\b|^550 5\.7\.1 .*(?:unauthenticated email|dmarc policy)/i,
    cause: 'authenticationFailed',
    scope: 'identity',
    act: { do: 'pause' },
  },
  {
    who: 'google',
    match: /^552 5\.3\.4|^552 5\.2\.3|header size/i,
    cause: 'tooLarge',
    scope: 'message',
    act: { do: 'next', otherwise: 'rejected' },
  },
  { who: 'google', match: /^552 5\.7\.0/i, cause: 'virus', scope: 'message', act: malformed },
  {
    who: 'google',
    match:
      /^55\d 5\.(?:7\.1|6\.0) .*(?:rfc ?5322|from: header|message-id|duplicate headers|multiple addresses|not compliant)|^554 5\.6\.0/i,
    cause: 'malformed',
    scope: 'message',
    act: malformed,
  },
  { who: 'google', match: /^550 5\.7\.(?:1|28) /i, cause: 'reputation', scope: 'path', act: block },
  {
    who: 'google',
    match: /^4\d\d 4\.7\.28|unusual rate|very low reputation|^421 4\.7\.0|suspicious due to/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(45 * MINUTE, 1),
  },

  // Microsoft: consumer mailboxes, tenants and submission
  {
    who: microsoft,
    match: /^432 4\.3\.2|thread limit|concurrent connections? (?:limit )?exceeded/i,
    cause: 'tooManyConnections',
    scope: 'account',
    act: { do: 'later', free: true, rest: { forMs: MINUTE, connections: 1 } },
  },
  {
    who: microsoft,
    match: /^550 5\.1\.90|^5\d\d 5\.2\.0 .*submissionquota|submissionquotaexceeded|message rate limit/i,
    cause: 'quota',
    scope: 'account',
    act: dayQuota,
  },
  {
    who: microsoft,
    match: /^5\d\d 5\.7\.(?:705|708|750)\b/i,
    cause: 'quota',
    scope: 'account',
    act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: true } },
  },
  {
    who: microsoft,
    match: /^(?:535|530|534) |5\.7\.(?:139|57|3)\b.*(?:auth|client was not authenticated)/i,
    cause: 'credentials',
    scope: 'account',
    act: credentials,
  },
  {
    who: microsoft,
    match: /^5\d\d 5\.7\.60\b|sendasdenied/i,
    cause: 'relayDenied',
    scope: 'identity',
    act: { do: 'pause' },
  },
  {
    who: microsoft,
    match: /^550 5\.7\.(?:515|509|23)\b/i,
    cause: 'authenticationFailed',
    scope: 'identity',
    act: { do: 'pause' },
  },
  { who: microsoft, match: /^550 5\.7\.513/i, cause: 'recipientPolicy', scope: 'path', act: block },
  {
    who: microsoft,
    match:
      /^550 5\.7\.51[12]?\b.*banned|^550 5\.7\.511|^550 5\.7\.6(?:0[6-9]|[1-4]\d)\b|\bS31(?:40|50)\b|\b(?:OU|SC|DY)-00[1-4]\b|block list/i,
    cause: 'blocklisted',
    scope: 'path',
    act: block,
  },
  {
    who: microsoft,
    match: /\bRP-00[123]\b|^451 4\.7\.65[01]|^451 4\.7\.500|4\.7\.8[5-9]\d|server busy/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(90 * MINUTE, 2),
  },
  {
    who: microsoft,
    match: /^5\d\d 5\.7\.(?:133|134|136|124|507)\b|sender not authenticated for (?:group|mailbox|recipient)/i,
    cause: 'recipientPolicy',
    scope: 'recipient',
    act: reject,
  },
  {
    who: microsoft,
    match: /5\.2\.12[12]\b|recipient.*(?:hourly|rate) limit/i,
    cause: 'recipientRate',
    scope: 'recipient',
    act: { do: 'later', afterMs: HOUR, maxTries: 3 },
  },
  {
    who: microsoft,
    match: /^[45]5[024] [45]\.2\.2\b|quotaexceeded/i,
    cause: 'mailboxFull',
    scope: 'recipient',
    act: full,
  },
  {
    who: microsoft,
    match:
      /^550 5\.5\.0 .*mailbox unavailable|^550 5\.1\.1\b|^550 5\.1\.10|recipientnotfound|^550 5\.4\.1 .*access denied/i,
    cause: 'unknownUser',
    scope: 'recipient',
    act: suppress,
  },

  // Yahoo, AOL
  {
    who: 'yahoo',
    match: /\[TS03\]|permanently deferred/i,
    cause: 'blocklisted',
    scope: 'path',
    act: { do: 'next', otherwise: 'later', rest: { forMs: 4 * HOUR, connections: 1 } },
  },
  { who: 'yahoo', match: /\[(?:BL2[0-9]|TSS07)\]/i, cause: 'blocklisted', scope: 'path', act: block },
  { who: 'yahoo', match: /\[TSS05\]/i, cause: 'rateLimited', scope: 'path', act: slow(4 * HOUR, 2) },
  {
    who: 'yahoo',
    match: /max(?:imum)? messages? per connection/i,
    cause: 'rateLimited',
    scope: 'remote',
    act: { do: 'later', afterMs: MINUTE, nextAfter: 3 },
  },
  {
    who: 'yahoo',
    match: /^4.*(?:\[TSS04\]|\[TS0[12]\]|\[IPTS04\]|temporarily deferred|resources temporarily unavailable)/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(2 * HOUR, 2),
  },
  {
    who: 'yahoo',
    match: /^554 5\.7\.9\b|not accepted for policy reasons.*auth/i,
    cause: 'authenticationFailed',
    scope: 'identity',
    act: { do: 'pause' },
  },
  {
    who: 'yahoo',
    match: /headers are not rfc compliant|\[29[01]\]/i,
    cause: 'malformed',
    scope: 'message',
    act: malformed,
  },
  { who: 'yahoo', match: /\[PH01\]/i, cause: 'content', scope: 'message', act: content },
  {
    who: 'yahoo',
    match: /mailbox is disabled|554\.30|\[-20\]|no longer valid/i,
    cause: 'mailboxDisabled',
    scope: 'recipient',
    act: suppress,
  },
  {
    who: 'yahoo',
    match: /^55[024].*(?:this user doesn'?t have|\[-[59]\]|mailbox not found|user unknown)/i,
    cause: 'unknownUser',
    scope: 'recipient',
    act: suppress,
  },

  // iCloud
  { who: 'icloud', match: /\[HCM1\]|^451 .*\[BS02\]/i, cause: 'rateLimited', scope: 'path', act: slow(15 * MINUTE, 2) },
  { who: 'icloud', match: /user is over quota|^552 5\.2\.2/i, cause: 'mailboxFull', scope: 'recipient', act: full },
  {
    who: 'icloud',
    match: /^550 5\.7\.1 .*(?:\[?CS01\]?|local policy|spamhaus)|\[HM0[78]\]/i,
    cause: 'reputation',
    scope: 'path',
    act: block,
  },

  // Orange, GMX, T-Online, Comcast, Cox, Mimecast
  {
    who: 'orange',
    match: /too many connections|OFR005_104|OFR_?104/i,
    cause: 'tooManyConnections',
    scope: 'remote',
    act: slow(HOUR, 3),
  },
  { who: 'orange', match: /OFR_?416|utilisateur inconnu/i, cause: 'unknownUser', scope: 'recipient', act: suppress },
  { who: 'orange', match: /OFR_?417|bo[iî]te.*pleine/i, cause: 'mailboxFull', scope: 'recipient', act: full },
  { who: 'orange', match: /OFR006_\d+|OFR_?506|service refus/i, cause: 'blocklisted', scope: 'path', act: block },
  {
    who: 'gmx',
    match: /^4\d\d .*(?:too many|try again)/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(30 * MINUTE, 2),
  },
  {
    who: 'gmx',
    match: /^5\d\d .*(?:policy (?:restrictions?|violations?)|no smtp service|dynamic|bad dns ptr|\b(?:dns|ip)\b)/i,
    cause: 'blocklisted',
    scope: 'path',
    act: block,
  },
  {
    who: 'tonline',
    match: /^5\d\d .*(?:a problem occurred|tosa@rx\.t-online\.de|bad reputation)/i,
    cause: 'blocklisted',
    scope: 'path',
    act: block,
  },
  {
    who: 'comcast',
    match: /^4\d\d .*\bRL\d{6}|too many sessions/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(HOUR, 2),
  },
  { who: 'comcast', match: /\bBL\d{6}/i, cause: 'blocklisted', scope: 'path', act: block },
  { who: 'cox', match: /\bIPBL\d+|\bCX(?:BL|SNDR|THRT)/i, cause: 'blocklisted', scope: 'path', act: block },
  {
    who: 'mimecast',
    match: /poor reputation sender|local cybergraph|ip found on .*rbl/i,
    cause: 'reputation',
    scope: 'path',
    act: block,
  },
];
