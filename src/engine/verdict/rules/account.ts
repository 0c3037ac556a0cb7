import { credentials, identity, MINUTE, published, quota, type ReplyRule, slow } from '../../../providers/replyRule.ts';
import { LETTERS, LIMIT, OVER, SENDING, SPAN } from '../vocabulary/limits.ts';
import { REFUSED, SENDER } from '../vocabulary/senders.ts';
import { near, phrases } from '../vocabulary/words.ts';

const RECEIVING =
  /receiv(?:e|ing)|re?ception(?!.*envoi)|size|taille|gro?e?sse|tamano|storage|speicher|stockage|espace|connection|session/;

/** A limit on what we send, however it is worded. */
const limits = phrases(
  `${near(LIMIT, OVER, 60)}.{0,60}?${SENDING}`,
  `${SENDING}.{0,60}?${near(LIMIT, OVER, 60)}`,
  `${LIMIT}.{0,40}?${SENDING}.{0,40}?${OVER}`,
  `${OVER}.{0,40}?${SENDING}.{0,40}?${LIMIT}`,
  `(?:you|your|vous|votre|sie|ihr|usted|su)\\b.{0,60}?${OVER}.{0,60}?(?:${LIMIT}|allowed|${LETTERS})`,
  `you(?:'ve| have)? (?:just )?(?:${OVER}|sent too)`,
  `too (?:many|much) (?:\\w+ ){0,2}?${LETTERS}`,
  `trop de (?:\\w+ ){0,2}?${LETTERS}`,
  `zu viele? (?:\\w+ ){0,2}?${LETTERS}`,
  `demasiad[oa]s? (?:\\w+ ){0,2}?${LETTERS}`,
  `(?:sent|sending|submitt(?:ed|ing)|envoye|gesendet|enviado) (?:too (?:many|much|fast)|more than|over|trop|zu viele?|demasiad)`,
  `(?:max(?:imum)?|nombre maximal|ho?e?chst\\w*) (?:\\w+ ){0,3}?${LETTERS}.{0,30}?${SPAN}`,
  `${SPAN}.{0,30}?(?:${LIMIT}).{0,40}?(?:${OVER}|reset)`,
  `${OVER} (?:the |its |your |his |their )?(?:\\w+ ){0,3}?${LETTERS}.{0,20}?${SPAN}`,
  `(?:rate|over) ?limit(?:ed|ing)?\\b(?! due| because).{0,40}?(?:account|user|sender|domain|customer)`,
  `(?:account|user|sender|domain|customer).{0,40}?(?:rate|over) ?limit(?:ed)?\\b`,
  `unusual (?:sending|outgoing|account|volume|rate|amount)(?! .{0,40}your ip)`,
  `(?:quota|limit) (?:exceeded|reached|depasse|uberschritten|erreicht|superad[oa]|excedid[oa]) (?:for|by|of|pour|fur|para) (?:the |this |your )?(?:user|sender|account|domain|customer|utilisateur|compte|benutzer|usuario|cuenta)`,
  `(?:quota|limit) (?:for|of|pour|fur|para) (?:the |this |your )?(?:user|sender|account|domain|customer|compte|utilisateur|benutzer|usuario|cuenta).{0,20}?${OVER}`,
  `relay quota`,
  `(?:sending|send|submission|outgoing|smtp|e ?mail|mail) (?:\\w+ )?(?:limit|quota)s?\\b`,
);

/** Said to the one who signed in, never about a reader. */
export const accountReplies: readonly ReplyRule[] = [
  ...published('Postfix SMTPD_POLICY_README and anvil, as servers say it', '2026-11', [
    {
      match:
        /too many (?:concurrent |simultaneous |open )?(?:smtp )?(?:connections|sessions)|(?:connection|session)s? (?:rate|count|frequency)?\s?limit|concurrency limit|max(?:imum)? (?:number of )?(?:concurrent |simultaneous )?(?:connections|sessions)|connection (?:frequency|count|rate)|trop de connexions|zu viele (?:gleichzeitige )?verbindungen|demasiadas conexiones/,
      cause: 'tooManyConnections',
      scope: 'remote',
      act: slow(10 * MINUTE, 3),
    },
    {
      match:
        /(?:messages?|mails?|e ?mails?|recipients?|transactions?|commands?) (?:per|in|on|during|for) (?:this|one|a|an|each|the same|single)? ?(?:smtp )?(?:connection|session)|per (?:connection|session)/,
      cause: 'rateLimited',
      scope: 'remote',
      act: { do: 'later', afterMs: MINUTE, nextAfter: 3 },
    },
  ]),
  ...published('cPanel, Plesk, DirectAdmin, policyd, Exim ratelimit, hosters’ help pages', '2026-11', [
    {
      via: 'relay',
      match: limits,
      unless: RECEIVING,
      cause: 'quota',
      scope: 'account',
      act: quota,
    },
    // Words that fit a mailbox as well: the enhanced code and the stage decide.
    {
      via: 'relay',
      code: /^\d{3}(?: [45]\.(?:7|4|5)\.\d+)/,
      match: phrases(near(LIMIT, OVER, 40), 'over ?quota'),
      unless: /size|mailbox is full|mailbox full|storage/,
      cause: 'quota',
      scope: 'account',
      act: quota,
    },
    {
      via: 'relay',
      stages: ['greeting', 'ehlo', 'auth', 'mail'],
      match: phrases(near(LIMIT, OVER, 40), 'over ?quota', 'quota'),
      unless: /size|taille|gro?e?sse|tamano/,
      cause: 'quota',
      scope: 'account',
      act: quota,
    },
    {
      via: 'relay',
      stages: ['data', 'body', 'dot'],
      code: /^\d{3}(?! [45]\.2\.2)/,
      match: phrases(near(LIMIT, OVER, 40), 'over ?quota'),
      unless: /size|taille|gro?e?sse|tamano|mailbox|storage|inbox|recipient|too large/,
      cause: 'quota',
      scope: 'account',
      act: quota,
    },
  ]),
  ...published('RFC 4954, RFC 4409; replies of Postfix, Exim and Exchange', '2026-11', [
    {
      via: 'relay',
      code: /^53[0458]/,
      unless: /starttls|\btls\b|encrypt/,
      cause: 'credentials',
      scope: 'account',
      act: credentials,
    },
    {
      via: 'relay',
      match:
        /authentication (?:is )?(?:required|needed|credentials|failed|failure|unsuccessful)|(?:must|need to|have to) (?:be authenticated|authenticate|log ?in|sign in)|smtp auth(?:entication)? (?:is )?(?:required|disabled|failed)|not (?:logged in|authenticated)(?! (?:for|when))|client was not authenticated|log ?in (?:failed|required|first)|bad (?:username|user name|password)|(?:username|user|login) and password not accepted|invalid (?:credentials|login|password|api key)|check (?:your )?mail (?:first|before)|authentification (?:requise|necessaire|echouee)|authentifizierung (?:erforderlich|notig|fehlgeschlagen)|anmeldung (?:erforderlich|fehlgeschlagen)|autenticacion (?:requerida|necesaria|fallida)|unauthori[sz]ed ip/,
      unless: /group|when sending to|spf|dkim|dmarc/,
      cause: 'credentials',
      scope: 'account',
      act: credentials,
    },
  ]),
  ...published('Help pages of Brevo, Mailjet, SES, Zoho, cPanel', '2026-11', [
    {
      via: 'relay',
      match: phrases(
        `your (?:smtp |mail |email |sending )?(?:account|service|plan|subscription|mailbox|access)\\b[^.;]{0,40}?(?:suspend|disabl|block|lock|under review|not (?:yet )?(?:activ|valid|enabl)|deactivat|inactive|restrict|limited|expired|terminat|closed|paused|on hold|bann)`,
        `(?:smtp|sending|relay|outgoing|outbound|smtp sending|email sending|mail sending|submission)\\b[^.;]{0,40}?(?:account|service|access|capabilit\\w+|privileges?|mails?|e ?mails?)?\\s?(?:has been |have been |is |are |was )?(?:temporarily )?(?:suspended|disabled|paused|on hold|under review|revoked|not (?:yet )?activated)`,
        `(?:account|service)[^.;]{0,20}?(?:not (?:yet )?activated|under review|is pending|awaiting activation)`,
        `(?:suspended|disabled|blocked|paused) (?:from|for) (?:sending|this account|outgoing)`,
        `votre (?:compte|service|acces)[^.;]{0,40}?(?:suspendu|bloque|desactive|ferme|limite|pas autorise)`,
        `envoi[^.;]{0,30}?(?:suspendu|bloque|desactive)`,
        `ihr (?:konto|account|zugang|postfach)[^.;]{0,40}?(?:gesperrt|deaktiviert|blockiert|eingeschrankt)`,
        `(?:su|tu) cuenta[^.;]{0,40}?(?:suspendid|bloquead|desactivad|limitad)`,
        `e ?mail outgoing blocked`,
        `(?:you|account|mailbox|user)\\b[^.;]{0,30}?not (?:allowed|permitted|authori[sz]ed|entitled) to (?:send|relay|use (?:this|the) (?:server|service))(?: (?:e ?)?mails?| messages?)?(?! (?:as|from|to)\\b)`,
      ),
      cause: 'accountSuspended',
      scope: 'account',
      act: credentials,
    },
    {
      via: 'relay',
      stages: ['greeting', 'ehlo', 'auth', 'mail', 'data', 'body', 'dot'],
      match:
        /(?:account|user|customer|domain|service)\b[^.;]{0,30}?(?:suspended|disabled|blocked|locked|under review|on hold|deactivated)|(?:suspended|disabled|blocked|locked) (?:account|user)/,
      unless: /recipient|mailbox|inbox|destinataire|empfa?e?nger|addressee/,
      cause: 'accountSuspended',
      scope: 'account',
      act: credentials,
    },
  ]),
];

/** Our identity. */
export const identityReplies: readonly ReplyRule[] = [
  ...published('RFC 7208, RFC 6376, RFC 7489 and the operators’ postmaster pages', '2026-11', [
    {
      match:
        /\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|unauthenticated (?:e ?mail|mail|message|sender)|not pass(?:ing|ed)? (?:the )?authentication|(?:message|sender|mail|domain) (?:is |was )?not authenticated|authentication (?:checks?|results?) (?:failed|fail)|required authentication level|(?:from|sender) (?:header )?(?:is )?(?:not|un) ?aligned/,
      unless: /recipient|mailbox|user unknown/,
      cause: 'authenticationFailed',
      scope: 'identity',
      act: identity,
    },
  ]),
  ...published('SparkPost, Mailjet, Mailgun, Brevo, IONOS, Postfix and Exim, as they say it', '2026-11', [
    {
      match: phrases(
        `${SENDER}[^.;]{0,50}?${REFUSED}`,
        `(?:unverified|unconfigured|unauthori[sz]ed|unregistered|unknown|invalid|illegal|bad|disallowed|rejected|denied|forged|spoofed|faked?) (?:\\w+ ){0,2}?${SENDER}`,
        `domain of (?:the )?(?:sender|mail from)`,
        `(?:not|n't|never) (?:be )?(?:allowed|permitted|authori[sz]ed|entitled) to (?:send|use|relay|submit)(?: (?:mail|e ?mail|messages?))? (?:as|from|on behalf|for|with|using)`,
        `(?:not|nicht|pas|no) (?:the )?(?:owner|owned)`,
        `not owned by`,
        `(?:you|user|account|client) (?:are|is|'re) not allowed to (?:use|send)`,
        `(?:identity|identities|domain|e ?mail address|from)\\b[^.;]{0,40}?(?:not|n't|un) ?(?:been |yet |be )?(?:verified|validated|confirmed|configured|authenticated|activated|registered on)`,
        `(?:verify|validate|confirm|authenticate|configure|activate) your (?:sender|domain|from|e ?mail|sending|identity)`,
        `send ?as ?denied`,
        `bad ?mail ?from|sender (?:is |address is )?(?:in|on) (?:my|our|a|the)\\b`,
        `sender verif(?:y|ication) (?:failed|error)`,
        `(?:non autorise|pas autorise) a (?:envoyer|emettre|utiliser)`,
        `nicht berechtigt[^.;]{0,30}?(?:senden|absend|verschick)`,
        `no (?:esta |tiene )?(?:autorizado|permiso)[^.;]{0,20}?(?:enviar|remit)`,
        `domaine?[^.;]{0,30}?(?:non (?:verifie|valide|configure|autorise)|n'est pas (?:verifie|valide|configure|autorise))`,
        `domain (?:ist )?nicht (?:verifiziert|bestatigt|konfiguriert|freigeschaltet)`,
        `dominio[^.;]{0,20}?no (?:esta )?(?:verificado|validado|configurado|autorizado)`,
      ),
      unless: /recipient|mailbox|destinataire inconnu|user unknown|unknown user|no such user/,
      cause: 'senderNotAllowed',
      scope: 'identity',
      act: identity,
    },
    {
      stages: ['mail', 'rcpt', 'data', 'dot'],
      match:
        /(?:sender address|sender domain|return ?path|mail from|absender|(?<!serveur )expediteur|remitente) (?:address )?(?:rejected|refused|denied|is not|does not|not|unknown|abgelehnt|refuse|inconnu|rechazad)|sender verif(?:y|ication) (?:failed|error)|not owned by user/,
      cause: 'senderNotAllowed',
      scope: 'identity',
      act: identity,
    },
  ]),
];
