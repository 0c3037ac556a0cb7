import {
  block,
  credentials,
  full,
  identity,
  published,
  type ReplyRule,
  reject,
  suppress,
} from '../../../providers/replyRule.ts';

/**
 * What an enhanced code means where no words match (RFC 3463, and the IANA registry). The words come first: servers use
 * the nearest code, so "5.1.1" also accompanies block lists and quotas.
 */
export const codeReplies: readonly ReplyRule[] = published(
  'https://www.iana.org/assignments/smtp-enhanced-status-codes',
  '2026-11',
  [
    { code: /^\d{3} [45]\.1\.[78]\b/, cause: 'senderNotAllowed', scope: 'identity', act: identity },
    {
      code: /^\d{3} [45]\.7\.(?:2[0-4]|2[67]|30|509|515)\b/,
      cause: 'authenticationFailed',
      scope: 'identity',
      act: identity,
    },
    { code: /^\d{3} [45]\.7\.25\b/, cause: 'noReverseDns', scope: 'path', act: block },
    { via: 'relay', code: /^\d{3} [45]\.7\.(?:54|8|9)\b/, cause: 'relayDenied', scope: 'account', act: credentials },
    { via: 'direct', code: /^\d{3} [45]\.7\.54\b/, cause: 'relayDenied', scope: 'path', act: block },
    { code: /^\d{3} [45]\.2\.2\b/, cause: 'mailboxFull', scope: 'recipient', act: full },
    { code: /^5\d\d 5\.2\.1\b/, cause: 'mailboxDisabled', scope: 'recipient', act: suppress },
    { code: /^5\d\d 5\.1\.(?:2|10)\b|^5\d\d 5\.4\.4\b/, cause: 'badDomain', scope: 'recipient', act: reject },
    { code: /^\d{3} [45]\.1\.(?:0|1|3|6)\b/, cause: 'unknownUser', scope: 'recipient', act: suppress },
  ],
);

/**
 * Next to the clearest "no such user" they still make a reader doubtful: servers hide a limit or a block list behind it.
 */
export const CONTRADICTS =
  /too (?:many|much)|per hour|hourly|daily|\bquota|\blimits?\b|reputation|\bspam\b|black ?list|block ?list|\brate\b|unsolicited|\bspf\b|\bdkim\b|\bdmarc\b|your (?:ip|host|server|network|account|domain|sender)\b/;

/**
 * Words that are not needed to say that a mailbox does not exist. Next to a code alone they leave open what it is about,
 * and no reader is marked.
 */
export const ABOUT_US =
  /\bpolic|spam|junk|bulk|block|\blist(?:ed|e|a)?\b|\bban|\bsender|\bfrom\b|\bip\b|ipaddress|reputation|limit|too |\brate\b|quota|\bhour|\bday\b|daily|exceed|auth|relay|later|temporar|\bdns\b|virus|content|\byour?\b|\bserver\b|network|connect|traffic|abuse|volume|frequen|trust|suspicious|security|filter|message|\bmail (?:rejected|refused|denied)|service|system|denied|forbidden|try |again|wait|unwelcome|moment|paiement|votre|politique|expediteur|envoi|absender|ihr\b|ihre\b|spater|richtlinie|remitente|\bsu\b|servidor|politica|helo|ehlo|\btls\b|certificate|greylist|grey|loop|hop/;
