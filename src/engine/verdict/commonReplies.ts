import {
  block,
  content,
  credentials,
  full,
  MINUTE,
  malformed,
  quota,
  type ReplyRule,
  reject,
  slow,
  suppress,
} from './replyRule.ts';

/**
 * What servers of all kinds say. The first match wins, so the order is from the telling words to the vague ones; a new
 * rule comes with a real reply in test/fixtures/replies.ts.
 */
export const commonReplies: readonly ReplyRule[] = [
  // Relays
  {
    who: 'any',
    via: 'relay',
    match: /too many (?:recipients|messages|e?mails) .{0,20}(?:hour|day|minute|today)/i,
    cause: 'quota',
    scope: 'account',
    act: quota,
  },
  {
    who: 'any',
    via: 'relay',
    stages: ['mail', 'rcpt', 'data', 'dot'],
    match:
      /^(?!\d{3} [45]\.(?:2\.[1-3]|3\.4)\b)(?!.*\bsize\b).*(?:(?:daily|hourly|monthly|sending|submission|message|outgoing|account|user).{0,30}(?:limit|quota).{0,30}(?:exceed|reach|hit)|(?:exceed|reach)\w*.{0,40}(?:daily|hourly|monthly|sending|submission|outgoing).{0,20}(?:limit|quota)|maximum credits|you have exceeded)/i,
    cause: 'quota',
    scope: 'account',
    act: quota,
  },
  {
    who: 'any',
    via: 'relay',
    match:
      /^(?:530|535|534|538) |authentication (?:required|credentials invalid|failed)|must (?:be authenticated|authenticate|issue a starttls)|smtp auth(?:entication)? (?:is )?(?:required|disabled)/i,
    cause: 'credentials',
    scope: 'account',
    act: credentials,
  },
  {
    who: 'any',
    via: 'relay',
    match:
      /account (?:has been |is )?(?:suspended|disabled|blocked|locked|under review)|sending (?:has been |is )?(?:suspended|paused|disabled|blocked) for/i,
    cause: 'credentials',
    scope: 'account',
    act: credentials,
  },
  {
    who: 'any',
    via: 'relay',
    match:
      /relay(?:ing)? (?:is )?(?:not permitted|not allowed|denied|access denied|prohibited)|relay access denied|unable to relay|we do not relay|5\.7\.54\b|not a local user/i,
    cause: 'relayDenied',
    scope: 'account',
    act: credentials,
  },
  {
    who: 'any',
    via: 'relay',
    match:
      /sender address rejected|not owned by user|sender (?:not allowed|is not allowed|not permitted|verify failed|domain must)|email address is not verified|not allowed to send (?:as|from)|from address.*(?:not|verified)|unverified (?:sender|domain)|domain is not verified|invalid sender/i,
    cause: 'relayDenied',
    scope: 'identity',
    act: { do: 'pause' },
  },

  // Everybody
  {
    who: 'any',
    match:
      /^4\d\d .*(?:gr[ae]y-?\s?list)|^45\d 4\.7\.1 .*(?:try again later|temporarily deferred|delayed)|^45\d (?:4\.\d\.\d )?.*try again in \d+ ?(?:s|m|h)/i,
    cause: 'greylisted',
    scope: 'remote',
    act: { do: 'later', nextAfter: 3 },
  },
  {
    who: 'any',
    stages: ['mail', 'rcpt', 'data', 'dot'],
    match:
      /sender address rejected|\b[45]\.1\.[78]\b|sender domain (?:must|does not|not|rejected)|sender verif(?:y|ication) (?:failed|error)|domain of sender|your (?:sender|from) (?:address|domain)|invalid sender|sender (?:denied|rejected|unknown)/i,
    cause: 'relayDenied',
    scope: 'identity',
    act: { do: 'pause' },
  },
  {
    who: 'any',
    match:
      /uribl|surbl|dbl\.spamhaus|url in (?:this|your)|(?:blacklisted|listed|blocked) (?:url|uri|domain) in|link.*(?:blacklist|blocklist)/i,
    cause: 'content',
    scope: 'message',
    act: content,
  },
  {
    who: 'any',
    match:
      /^(?!.*(?:user unknown|unknown user|no such user)).*(?:blocked using|(?<!not )listed (?:at|by|on|in)\b|\b(?:spamhaus|sorbs|barracudacentral|spamcop|cloudmark|cloudfilter|proofpoint|csi\.|invaluement|uceprotect|senderscore|mailspike)|\bdns-?[br]l\b|\brbl\b|black-?list|block-?list)/i,
    cause: 'blocklisted',
    scope: 'path',
    act: block,
  },
  {
    who: 'any',
    match:
      /5\.7\.25\b|reverse (?:dns|hostname|lookup)|\bptr\b|\brdns\b|cannot find your (?:reverse )?hostname|client host rejected: cannot find|dynamic (?:ip|address|host)|generic (?:rdns|ptr)|helo command rejected|does not resolve/i,
    cause: 'noReverseDns',
    scope: 'path',
    act: block,
  },
  {
    who: 'any',
    match:
      /\b[45]\.7\.(?:2[0-47]|26|30|509|515)\b|\bdmarc\b|\bdkim\b|spf.{0,40}(?:fail|not|reject|does|invalid)|(?:fail|reject|not).{0,40}\bspf\b|unauthenticated (?:e-?mail|mail|message)|not pass(?:ing)? authentication/i,
    cause: 'authenticationFailed',
    scope: 'identity',
    act: { do: 'pause' },
  },
  {
    who: 'any',
    via: 'direct',
    match:
      /relay(?:ing)? (?:is )?(?:not permitted|not allowed|denied|access denied|prohibited)|relay access denied|unable to relay|we do not relay|5\.7\.54\b|not a local user/i,
    cause: 'relayDenied',
    scope: 'path',
    act: block,
  },
  {
    who: 'any',
    match:
      /must issue a starttls|starttls (?:is )?required|tls (?:is )?required|encryption (?:is )?required|5\.7\.10\b/i,
    cause: 'tlsRequired',
    scope: 'path',
    act: block,
  },
  {
    who: 'any',
    match:
      /^\d{3} [45]\.2\.2\b|over ?quota|quota exceeded|mailbox (?:is |size |storage )*(?:full|limit)|full mailbox|exceeded storage|insufficient (?:mailbox )?(?:quota|storage).*mailbox|out of storage|bo[iî]te.{0,20}pleine|postfach.{0,20}voll|buz[oó]n.{0,20}lleno/i,
    cause: 'mailboxFull',
    scope: 'recipient',
    act: full,
  },
  {
    who: 'any',
    stages: ['mail', 'rcpt'],
    match:
      /^5\d\d .*(?:mailbox|account|user|recipient|address).{0,40}(?:disabled|inactive|suspended|deactivated|expired|no longer (?:active|valid|available|in use))|^5\d\d 5\.2\.1\b|user (?:is )?(?:disabled|inactive|suspended)/i,
    cause: 'mailboxDisabled',
    scope: 'recipient',
    act: suppress,
  },
  {
    who: 'any',
    match: /^5\d\d 5\.1\.0 .*null mx|nullmx|^556 |5\.1\.10 .*null mx/i,
    cause: 'nullMx',
    scope: 'recipient',
    act: reject,
  },
  {
    who: 'any',
    match:
      /^\d{3} .*(?:domain.{0,30}(?:not found|does not exist|unknown)|no such domain|host unknown|unknown host)|^5\d\d 5\.4\.4\b/i,
    cause: 'badDomain',
    scope: 'recipient',
    act: reject,
  },
  {
    who: 'any',
    stages: ['rcpt', 'data', 'dot'],
    match:
      /^5\d\d 5\.1\.(?:1|2|3|6|10)\b|user unknown|unknown user|no such (?:user|mailbox|recipient|person|address|account)|unknown (?:recipient|mailbox|address|local)|invalid (?:recipient|mailbox|user)|(?:user|mailbox|recipient|account|address|e-?mail).{0,40}(?:does not|doesn'?t|not) (?:exist|found|known)|(?:user|mailbox|recipient|address|account).{0,20}(?:unknown|not found|nonexistent)|no (?:mailbox|user) here by that name|not our customer|utilisateur (?:inconnu|inexistant)|adresse .{0,20}(?:inconnue|invalide)|unrouteable|unroutable|benutzer.{0,20}unbekannt|empf[aä]nger.{0,20}(?:unbekannt|existiert)|usuario (?:desconocido|no existe)|recipient address rejected: undeliverable|no valid recipients?|not listed in|addressee unknown|destinatario (?:sconosciuto|inesistente)/i,
    cause: 'unknownUser',
    scope: 'recipient',
    act: suppress,
  },
  {
    who: 'any',
    match:
      /\bvirus\b|infected|malware|trojan|dangerous attachment|(?:banned|blocked|prohibited|forbidden) (?:attachment|file|content)/i,
    cause: 'virus',
    scope: 'message',
    act: content,
  },
  {
    who: 'any',
    stages: ['mail', 'data', 'body', 'dot', 'rcpt'],
    match:
      /^5\d\d 5\.(?:3\.4|2\.3)\b|^552 .*(?:size|too (?:large|big))|message (?:size|is too|too) (?:exceeds|large|big)|exceeds? (?:maximum|fixed|the maximum|size)/i,
    cause: 'tooLarge',
    scope: 'message',
    act: { do: 'next', otherwise: 'rejected' },
  },
  {
    who: 'any',
    match:
      /too many (?:concurrent )?(?:smtp )?(?:connections|sessions)|(?:connection|session) (?:limit|rate limit|frequency)|concurrency limit|max(?:imum)? connections/i,
    cause: 'tooManyConnections',
    scope: 'remote',
    act: slow(10 * MINUTE, 3),
  },
  {
    who: 'any',
    match: /too many recipients/i,
    cause: 'rateLimited',
    scope: 'remote',
    act: slow(30 * MINUTE, 2),
  },
  {
    who: 'any',
    match:
      /^4.*(?:too many messages|messages? per connection|too many mails? (?:in|per|on) (?:this|one|a) (?:connection|session))/i,
    cause: 'rateLimited',
    scope: 'remote',
    act: { do: 'later', afterMs: MINUTE, nextAfter: 2, rest: { forMs: MINUTE, connections: 1 } },
  },
  {
    who: 'any',
    match:
      /^4\d\d .*(?:rate|throttl|too (?:many|fast|much|quickly)|temporarily (?:deferred|rate)|slow down|limit exceeded|weren'?t sent|server (?:is )?(?:too )?busy|reputation|resources temporarily)/i,
    cause: 'rateLimited',
    scope: 'path',
    act: slow(30 * MINUTE, 2),
  },
  {
    who: 'any',
    match:
      /^5\d\d .*(?:bad|poor|low|ip) reputation|^5\d\d .*reputation.*(?:ip|sender|server)|^5\d\d .*(?:your|this|client|the sending|sending) (?:ip|host|network|server|mail ?server).{0,60}(?:block|reject|ban|denied|refus|not (?:allowed|permitted))|^5\d\d .*(?:blocked|banned|rejected|denied).{0,60}(?:your|this|sending) (?:ip|host|network|server)|client host.{0,80}(?:blocked|rejected)|access denied.{0,20}\bip\b/i,
    cause: 'blocklisted',
    scope: 'path',
    act: block,
  },
  {
    who: 'any',
    stages: ['data', 'body', 'dot', 'rcpt', 'mail'],
    match:
      /^5\d\d .*(?:\bspam\b|\bjunk\b|unsolicited|\bbulk (?:e-?)?mail|spam(?:my|like|assassin)|content (?:rejected|filter|denied|policy)|message (?:rejected|blocked|refused) (?:due to|because of|as|by|for) (?:content|spam|policy|filter|suspected)|high probability of spam)/i,
    cause: 'content',
    scope: 'message',
    act: content,
  },
  {
    who: 'any',
    stages: ['data', 'body', 'dot'],
    match:
      /^5\d\d .*(?:rfc ?(?:2822|5322|822)|malformed|non-?compliant|missing (?:from|date|message-id)|duplicate header|bare (?:lf|cr|newline)|line too long|invalid header|header.{0,20}(?:invalid|error|missing))|^5\d\d 5\.6\.\d/i,
    cause: 'malformed',
    scope: 'message',
    act: malformed,
  },
  {
    who: 'any',
    stages: ['rcpt'],
    match:
      /^5\d\d .*(?:not authori[sz]ed|not accepting|does not accept|not permitted|access denied|restricted|refused|closed list|members? only|moderated|sender denied|blocked by (?:the )?recipient|policy)/i,
    cause: 'recipientPolicy',
    scope: 'recipient',
    act: reject,
  },
];
