import { full, HOUR, published, type ReplyRule, reject, suppress } from '../../../providers/replyRule.ts';
import { DISABLED, READER, UNKNOWN } from '../vocabulary/readers.ts';
import { near, phrases } from '../vocabulary/words.ts';

/** The reader's organisation or the reader refuses: before any rule that looks for the sender's name. */
export const recipientPolicyReplies: readonly ReplyRule[] = published(
  'Exchange, Domino, Mailman, Sympa, Google Groups',
  '2026-11',
  [
    {
      match: phrases(
        '(?:blocked|refused|rejected|denied|unwanted|not (?:allowed|wanted|accepted)|blacklisted|blocklisted) by (?:the |this |its |our )?(?:recipient|user|addressee|mailbox owner|account owner|list owner|destinataire|empfa?e?nger|destinatario)',
        "(?:recipient|user|mailbox|group|list|address|account|thereader|anaddress)[^.;]{0,40}?(?:does not|doesn'?t|do not|will not|won'?t|is not|isn'?t|not|no longer|only) ?(?:be )?(?:accept(?:s|ing)?|allow(?:s|ed|ing)?|receiv(?:e|es|ing)|want|tak(?:e|es|ing)|permit(?:s|ted)?)[^.;]{0,40}?(?:from|external|outside|internal|this sender|your|members|authenticated|unauthenticated)",
        '(?:closed|private|internal|restricted|moderated) (?:list|group|mailing list|address)|members? only|only (?:members|subscribers|authori[sz]ed|internal|authenticated|approved)',
        'sender not (?:authenticated for (?:group|mailbox|recipient)|in (?:the )?(?:allowed|approved|safe|permitted) ?senders?)',
        '(?:message|delivery) (?:restriction|blocked) (?:check )?(?:failed|by (?:the )?recipient)',
        'delivery restriction',
        'you are not (?:allowed|permitted|authori[sz]ed) to (?:send|mail|post)[^.;]{0,20}? to (?:this|that|the) (?:list|group|address|recipient|mailbox|user)',
        "recipient'?s? (?:policy|preferences|administrator|block ?list|blocked ?list)",
      ),
      unless: /over ?quota|mailbox full|\bip\b|ipaddress/,
      cause: 'recipientPolicy',
      scope: 'recipient',
      act: reject,
    },
    {
      match: phrases(
        '(?:recipient|user|mailbox|account|thereader|anaddress)[^.;]{0,60}?(?:receiving|receives?|received|getting) (?:\\w+ ){0,3}?(?:too (?:quickly|fast|many|much)|at a rate|rate|limit)',
        "(?:recipient'?s?|mailbox|user'?s?)[^.;]{0,60}?(?:receive|receiving|incoming|inbound|hourly|per hour)[^.;]{0,30}?(?:limit|rate|quota)",
        'too many (?:messages|mails|e ?mails) (?:for|to) (?:this|that|the) (?:recipient|user|mailbox|address)',
      ),
      cause: 'recipientRate',
      scope: 'recipient',
      act: { do: 'later', afterMs: HOUR, maxTries: 6 },
    },
  ],
);

const FULL_WORDS = phrases(
  '(?:mail ?box|in ?box|mail ?drop|account|user|recipient|address|quota|disk|storage|folder|thereader|anaddress|boi?te|messagerie|postfach|konto|buzon|casilla|cuenta|casella|caixa)[^.;]{0,50}?(?:\\bfull\\b|over ?quota|over (?:its |his |the |their )?(?:disk |storage )?(?:quota|limit)|quota (?:is |has been |was )?(?:exceeded|reached|full|violation)|exceed(?:s|ed|ing)? (?:\\w+ ){0,4}?(?:quota|limit|storage|size|space)|out of (?:disk |storage )?space|out of storage|out of quota|insufficient (?:disk |storage )?(?:space|quota|storage)|not enough (?:\\w+ )?(?:space|storage|room)|no (?:more )?(?:space|room)|pleine?\\b|saturee?|sature\\b|satur|voll\\b|u?e?berfu?e?llt|kein platz|speicherplatz|llen[oa]\\b|sin espacio|pien[oa]\\b|chei[ao]\\b|vol\\b|переполнен)',
  '\\bfull (?:mail ?box|in ?box)',
  'over ?quota|quota (?:is )?exceeded|exceeded (?:\\w+ ){0,3}?(?:storage|quota)|out of storage',
  'exceed(?:s|ed|ing)? (?:\\w+ ){0,3}?(?:storage|mailbox|disk|space)',
  'would exceed (?:\\w+ ){0,3}?quota',
  '(?:insufficient|not enough) (?:\\w+ ){0,2}?(?:storage|space|quota)[^.;]{0,40}?(?:mail ?box|user|recipient|account)',
  'mail ?box (?:size |storage |space |disk )*(?:limit|quota)',
  'quota (?:de stockage |d.espace )?(?:depasse|atteint)|espace (?:disque|de stockage)?[^.;]{0,30}?(?:insuffisant|depasse|plein)|depassement de quota',
  'speicherplatz[^.;]{0,30}?(?:erschopft|voll|uberschritten)|quota uberschritten',
  'cuota (?:\\w+ ){0,3}?(?:excedida|superada|agotada)|espacio insuficiente',
  '(?:mail ?box|in ?box|postfach|boite|buzon)[^.;]{0,40}?(?:limite?) (?:erreicht|uberschritten|atteinte?|reached|exceeded|alcanzad[oa]|superad[oa])',
  'user has exhausted|mailfolder is full|maildir ?over ?quota|blocks? limit exceeded|inode limit exceeded',
);

/** Not permanent, or about somebody else. */
const NOT_THE_READERS =
  /temporar|provisoire|vorubergehend|your (?:\w+ )?(?:account|address|ip|access|service|mail ?box)|votre|\bihr\b|relay|authenticat/;

/** The code and the words agree: matched before what a quota could mean for us. */
export const fullByCode: readonly ReplyRule[] = published('RFC 3463: X.2.2', '2026-11', [
  {
    code: /^\d{3} [45]\.2\.2\b/,
    match: phrases(FULL_WORDS.source, 'quota|\\bfull\\b|storage|\\bspace\\b|stored|stockage|espace|speicher|espacio'),
    unless: /sending|outgoing|d'envoi|versand|sende|\bsent\b|per (?:hour|day)|hourly|daily|today/,
    cause: 'mailboxFull',
    scope: 'recipient',
    act: full,
  },
]);

export const recipientReplies: readonly ReplyRule[] = [
  ...published('Postfix, Dovecot, Exchange, Exim, cPanel, GMX, qmail: mailboxes without room', '2026-11', [
    {
      match: FULL_WORDS,
      unless: /message (?:size|is too|too)|too (?:large|big)|system (?:storage|resources)|receiving/,
      cause: 'mailboxFull',
      scope: 'recipient',
      act: full,
    },
  ]),
  ...published('RFC 7505, RFC 3463; Postfix, Exim', '2026-11', [
    { match: /null ?mx/, cause: 'nullMx', scope: 'recipient', act: reject },
    { code: /^556\b/, cause: 'nullMx', scope: 'recipient', act: reject },
    {
      match: phrases(
        `(?:recipient |destination |mail |e ?mail )?(?:domain|host|domaine|dominio|dominio|domane)\\b[^.;]{0,30}?${UNKNOWN}`,
        `(?:no such|unknown|invalid|bad|non ?existent|inexistent) (?:mail |recipient |destination |e ?mail )?(?:domain|host)\\b`,
        `host (?:name )?(?:lookup|or domain name) [^.;]{0,20}?(?:failed|not found)`,
        `name service error|nxdomain`,
        `no (?:valid )?mx (?:record|host|for)`,
        `kein mx|pas de mx|sin registros? mx`,
      ),
      unless: /user|mailbox|account|utilisateur|be?nutzer|usuario|dns mx|anaddress:? (?:does|not)/,
      cause: 'badDomain',
      scope: 'recipient',
      act: reject,
    },
  ]),
  ...published(
    'Postfix, Exim, sendmail, Exchange, qmail and chkuser, Courier, Zimbra, Kerio, MDaemon, Domino, GroupWise, hMailServer, Axigen, CommuniGate',
    '2026-11',
    [
      {
        code: /^5/,
        match: phrases(
          `no such (?:\\w+ )?(?:${READER}|person|entry|name|one|recipient|object|local|here|id\\b)`,
          near(READER, UNKNOWN, 40),
          `(?:there is|there's|we have|has|have|with|hier|here) no (?:\\w+ )?(?:user|mail ?box|account|one|recipient|person|address)`,
          `no (?:\\w+ )?(?:mail ?box|user|account|recipient|one|address|person)s? (?:here|by|with|of|under|found|called|named|at)\\b`,
          `no (?:mail ?box|account|such)\\b`,
          `nobody (?:here|by|with|of)`,
          `(?:this |the )?user (?:doesn'?t|does not) have (?:an?|any)`,
          `not (?:our|a|one of our|any of our) (?:\\w+ )?(?:customer|client|user|subscriber|mail ?box|recipient|address|account|member)`,
          `un ?rout(?:e)?able`,
          `not (?:listed|found) in (?:the |our )?(?:\\w+ )?(?:directory|domino|name|public|address|user|table|database|ldap)`,
          `no longer (?:on|at|with|exists?|listed|available on) (?:this |the |our |the )?(?:server|system|domain|company|organi[sz]ation|address|us\\b|here)?`,
          `(?:user|recipient|address|mail ?box|account) no longer`,
          `(?:address|recipient|user|mail ?box) (?:is )?not (?:here|local(?! user)|on (?:this|our) (?:server|system|host))`,
          `(?:only|not a) valid recipients?`,
          `no valid recipients?`,
          `valid ?rcpt ?to`,
          `recipnotfound|adresse inexistante`,
          `(?:pas|aucun|aucune) (?:d'|de )?(?:utilisateur|boite|destinataire|compte|abonne|adresse)`,
          `(?:ce|cet|cette|le|la) (?:\\w+ ){0,2}?(?:utilisateur|destinataire|adresse|boite|compte)[^.;]{0,20}?(?:n'? ?exist|inconnu|introuvable|pas valide)`,
          `kein(?:e|en)? (?:\\w+ )?(?:be?nutzer|postfach|empfa?e?nger|mailbox|adresse|konto|account)`,
          `(?:be?nutzer|postfach|empfa?e?nger|adresse|konto)[^.;]{0,30}?(?:gibt es nicht|existiert nicht)`,
          `ningun (?:\\w+ )?(?:usuario|buzon|destinatario|cuenta)`,
          `no hay (?:\\w+ )?(?:usuario|buzon|destinatario|cuenta)`,
          `nessun (?:\\w+ )?(?:utente|destinatario)`,
          `(?:mail ?box|recipient|user|address) (?:name )?not allowed`,
          `undeliverable address|undeliverable recipient|recipient[^.;]{0,20}?undeliverable`,
          `(?:has|have) left (?:the |our )?(?:company|organi[sz]ation|school|university|firm)`,
          `用户不存在|用戶不存在|收件人不存在|邮箱不存在|ユーザ.{0,6}(?:存在|不明)|宛先.{0,6}(?:存在|不明)`,
        ),
        unless: phrases(
          'unknown (?:\\w+ ){0,1}?(?:error|reason|command|problem|host|domain)',
          'access denied',
          'could not be verified',
          'invalid (?:message|content|header|command|argument|parameter|helo|ehlo|dns)',
        ),
        cause: 'unknownUser',
        scope: 'recipient',
        act: suppress,
      },
      {
        code: /^4/,
        match: phrases(
          `no such (?:${READER}|person)`,
          near(READER, UNKNOWN, 40),
          `un ?rout(?:e)?able`,
          `not (?:listed|found) in`,
        ),
        cause: 'unknownUser',
        scope: 'recipient',
        act: suppress,
      },
      {
        via: 'direct',
        match: phrases(near(READER, DISABLED, 40)),
        unless: NOT_THE_READERS,
        cause: 'mailboxDisabled',
        scope: 'recipient',
        act: suppress,
      },
      // At a relay "account" and "user" may be ours: only words that nobody would use for us mark a reader.
      {
        via: 'relay',
        match: phrases(
          near(
            '(?:mail ?box|recipient|addressee|in ?box|thereader|anaddress|destinataire|boite|empfa?e?nger|postfach|destinatario|buzon)',
            DISABLED,
            40,
          ),
        ),
        unless: NOT_THE_READERS,
        cause: 'mailboxDisabled',
        scope: 'recipient',
        act: suppress,
      },
      {
        match: phrases(near(READER, DISABLED, 40), near(READER, '(?:blocked|suspend|bloque|gesperrt|bloquead)', 30)),
        unless: /your (?:\w+ )?(?:account|address|ip|access|service)|votre|\bihr\b/,
        cause: 'mailboxDisabled',
        scope: 'recipient',
        act: reject,
        unsure: true,
      },
    ],
  ),
];
