import {
  block,
  content,
  credentials,
  malformed,
  published,
  type ReplyRule,
  reject,
  tooLarge,
} from '../../../providers/replyRule.ts';
import { phrases } from '../vocabulary/words.ts';

const SPAM =
  /(?:suspicious|malicious|dangerous|forbidden|blocked) (?:\w+ )?(?:links?|urls?|uris?|content)|\bspam\b|\bspam(?:my|assassin|like)|\bjunk\b|unsolicited|\bbulk (?:e ?mail|mail)|\bube\b|\buce\b|phish|content (?:rejected|filter|denied|policy|block)|(?:message|mail|e ?mail)[^.;]{0,30}?(?:rejected|blocked|refused)[^.;]{0,20}?(?:content|filter|suspected)|courrier indesirable|pourriel|no deseado|unerwunscht/;

const RELAYING =
  "relay(?:ing)? (?:is |to \\S+ |for \\S+ |mail )?(?:not (?:permitted|allowed|possible|authori[sz]ed)|denied|disallowed|access denied|prohibited|refused|rejected|restricted)|relay access denied|(?:unable|not allowed|not permitted|not authori[sz]ed|cannot|can't) to relay|(?:do|does|will|can) ?(?:not|n'?t) relay|relais (?:refuse|interdit|non autorise)|relaying? (?:nicht erlaubt|verweigert)|weiterleitung[^.;]{0,20}?(?:nicht|verweigert)|(?:rcpthosts|not in my list of allowed rcpthosts)|reenvio (?:no permitido|denegado)|retransmision[^.;]{0,20}?(?:no permitid|denegad)";

/** Our content. Before the message was sent nobody can object to it: such words are then about where it comes from. */
export const messageReplies: readonly ReplyRule[] = [
  ...published('ClamAV, Amavis, Exchange, Gmail: scanners', '2026-11', [
    {
      stages: ['data', 'body', 'dot'],
      match:
        /\bvirus|infected|malware|trojan|dangerous (?:attachment|file|content)|(?:banned|blocked|prohibited|forbidden|disallowed) (?:attachment|file|extension|file ?type|content)|attachment[^.;]{0,30}?(?:blocked|not allowed|banned|forbidden|prohibited|rejected)|piece jointe[^.;]{0,30}?(?:interdite|refusee|bloquee)|anhang[^.;]{0,30}?(?:verboten|nicht erlaubt|blockiert)/,
      cause: 'virus',
      scope: 'message',
      act: content,
    },
  ]),
  ...published('RFC 1870, RFC 3463', '2026-11', [
    {
      match:
        /message (?:size|is too|too) ?(?:exceeds?|large|big|limit|long)?|(?:message|mail|size|letter)[^.;]{0,30}?(?:too (?:large|big|long)|exceed[^.;]{0,40}?size|larger than|bigger than)|exceed[^.;]{0,30}?(?:maximum|max|fixed|allowed|permitted|the)? ?(?:message |mail |e ?mail )?size|size (?:limit|exceed|too)|too (?:large|big) (?:message|mail)|taille[^.;]{0,30}?(?:depasse|superieure|trop|maximale)|message trop (?:gros|grand|volumineux|lourd)|nachricht[^.;]{0,30}?zu gross|gro?e?sse[^.;]{0,30}?u?e?berschr|tamano[^.;]{0,30}?(?:excede|supera|maximo)|mensaje demasiado grande/,
      unless: /mail ?box|quota|over ?quota|inbox/,
      cause: 'tooLarge',
      scope: 'message',
      act: tooLarge,
    },
    { code: /^\d{3} [45]\.(?:3\.4|2\.3)\b/, cause: 'tooLarge', scope: 'message', act: tooLarge },
  ]),
  ...published('Filters’ usual words', '2026-11', [
    { stages: ['data', 'body', 'dot'], code: /^5/, match: SPAM, cause: 'content', scope: 'message', act: content },
    { stages: ['mail', 'rcpt'], code: /^5/, match: SPAM, cause: 'reputation', scope: 'path', act: block },
  ]),
  ...published('RFC 5321, RFC 5322', '2026-11', [
    {
      stages: ['data', 'body', 'dot'],
      code: /^5/,
      match:
        /rfc ?(?:2822|5322|822|5321)|malformed|non ?compliant|not compliant|missing (?:from|date|message ?id|header)|(?:duplicate|multiple|invalid|missing|bad|illegal|too many) (?:\w+ )?headers?|bare (?:lf|cr|newline)|line(?:s)? (?:is |are )?too long|header[^.;]{0,20}?(?:invalid|error|missing|malformed)/,
      cause: 'malformed',
      scope: 'message',
      act: malformed,
    },
    { stages: ['data', 'body', 'dot'], code: /^5\d\d 5\.6\.\d/, cause: 'malformed', scope: 'message', act: malformed },
  ]),
];

/** Neither reader nor message: the server does not relay for us, or a local rule forbids it. */
export const relayingReplies: readonly ReplyRule[] = published('Postfix, Exim, Exchange, sendmail, qmail', '2026-11', [
  {
    via: 'relay',
    match: phrases(RELAYING),
    cause: 'relayDenied',
    scope: 'account',
    act: credentials,
  },
  {
    via: 'direct',
    match: phrases(
      RELAYING,
      'not a local domain',
      '(?:authentication|smtp auth) (?:is )?required',
      'must (?:be authenticated|authenticate)',
    ),
    cause: 'relayDenied',
    scope: 'path',
    act: block,
  },
  {
    match: /not a local (?:user|domain|address|recipient)|user not local|not local/,
    stages: ['rcpt'],
    cause: 'unknownUser',
    scope: 'recipient',
    act: reject,
    unsure: true,
  },
  {
    code: /^5/,
    match:
      /^(?:message|mail|e ?mail|delivery|transaction|connection)s? (?:was |has been |is |here )?(?:refused|rejected|blocked|denied)\b|recipients? \( ?\w+ ?: ?blocked|(?:due to|for|because of|violates?|by|raison de|fur|grunde?n?|por) (?:\w+ ){0,3}?(?:policy|policies|politique|richtlinien?|politica)|policy (?:reasons?|violations?|restrictions?|rejection|reject|block)|(?:local|security|server|site|administrative|mail) (?:policy|policies|prohibition)|administratively (?:denied|prohibited|rejected)|rejected (?:by|under) policy|politique de securite/,
    cause: 'policyRefused',
    scope: 'path',
    act: block,
    unsure: true,
  },
]);

/** The least specific words at RCPT: the recipient's side does not want the mail, and the address may well exist. */
export const lastReplies: readonly ReplyRule[] = published('Words too general to mark a reader', '2026-11', [
  {
    stages: ['rcpt'],
    code: /^5/,
    match:
      /not authori[sz]ed|not accept|not permitted|not allowed|access denied|restricted|refused|denied|rejected|closed list|members? only|moderated|blocked|refuse|abgelehnt|rechazad/,
    unless: /\byour?\b|\bsender|message|spam/,
    cause: 'recipientPolicy',
    scope: 'recipient',
    act: reject,
    unsure: true,
  },
]);
