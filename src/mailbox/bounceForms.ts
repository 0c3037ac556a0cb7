/**
 * Bounces without a status report, by what they say. Each row: the words, and the reply that a server would have given
 * for the same reason, so that one table judges both. Sources are the programs' own documentation and source code.
 */
export interface BounceForm {
  /** Whose wording it is, and where it is documented. */
  source: string;
  words: RegExp;
  code: number;
  enhanced: string;
}

export const bounceForms: readonly BounceForm[] = [
  // A full mailbox first: some add “not found” to it.
  {
    source: 'qmail, maildir++',
    words:
      /(?:mailbox|mail box|inbox|user|account|recipient).{0,40}?(?:is )?(?:full|over ?quota|exceed(?:s|ed))|quota exceeded/i,
    code: 552,
    enhanced: '5.2.2',
  },
  {
    source: 'French wording, full',
    words: /boîte (?:aux lettres |de réception |mail )?(?:est )?pleine|quota (?:est )?dépassé/i,
    code: 552,
    enhanced: '5.2.2',
  },
  {
    source: 'German wording, full',
    words: /postfach (?:ist )?voll|speicherplatz.{0,40}?(?:überschritten|erschöpft)/i,
    code: 552,
    enhanced: '5.2.2',
  },
  { source: 'Spanish wording, full', words: /buzón (?:está )?lleno|cuota excedida/i, code: 552, enhanced: '5.2.2' },
  { source: 'qmail-send(8), qmail-local(8)', words: /no mailbox here by that name/i, code: 550, enhanced: '5.1.1' },
  { source: 'vpopmail', words: /no such (?:user|mailbox|address) here/i, code: 550, enhanced: '5.1.1' },
  { source: 'Exim, spec chapter 49', words: /unrouteable address|unknown local-part/i, code: 550, enhanced: '5.1.1' },
  { source: 'sendmail, sendmail.cf', words: /user unknown|unknown user/i, code: 550, enhanced: '5.1.1' },
  {
    source: 'HCL Domino',
    words: /not listed in (?:public|domino) (?:name & address book|directory)/i,
    code: 550,
    enhanced: '5.1.1',
  },
  { source: 'GroupWise GWIA', words: /(?:user|recipient) not found|unknown user \(/i, code: 550, enhanced: '5.1.1' },
  {
    source: 'Exchange 5.5 NDR',
    words: /recipient name is not recognized|account does not exist at the organization/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'Exchange NDR, English',
    words: /email address you entered couldn.t be found|wasn.t found at|doesn.t exist at/i,
    code: 550,
    enhanced: '5.1.10',
  },
  {
    source: 'Exchange NDR, French',
    words: /adresse (?:de messagerie|e-?mail) (?:que vous avez entrée )?est introuvable|n.a pas été trouvée?/i,
    code: 550,
    enhanced: '5.1.10',
  },
  {
    source: 'Exchange NDR, German',
    words: /e-mail-adresse konnte nicht gefunden werden|empfänger(?:adresse)? nicht gefunden/i,
    code: 550,
    enhanced: '5.1.10',
  },
  {
    source: 'Exchange NDR, Spanish',
    words: /no se (?:encontró|pudo encontrar) la dirección/i,
    code: 550,
    enhanced: '5.1.10',
  },
  { source: 'IMail SMTP32', words: /invalid final delivery userid/i, code: 550, enhanced: '5.1.1' },
  {
    source: 'MDaemon',
    words: /no such user|mailbox .{1,100} (?:doesn.t|does not) exist/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'GMX, WEB.DE',
    words: /requested action not taken: mailbox unavailable|postfach (?:ist )?nicht (?:verfügbar|vorhanden)/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'Free, SFR, La Poste',
    words: /utilisateur inconnu|boîte (?:aux lettres |mail )?inexistante|adresse inconnue/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'Mail.ru, Yandex',
    words: /такого пользователя (?:здесь )?нет|пользователь не найден|user not found/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'QQ, NetEase',
    words: /收件人(?:邮件)?地址不存在|用户不存在|mailbox not found/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'general wording',
    words:
      /(?:address|mailbox|account|recipient|user) (?:is |was |does |has )?(?:unknown|invalid|not (?:exist|found|valid)|no longer (?:valid|exists?))/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'general wording',
    words: /no such (?:user|mailbox|recipient|account|address)|doesn.t have an? .{1,40} account/i,
    code: 550,
    enhanced: '5.1.1',
  },
  {
    source: 'general wording, disabled',
    words: /(?:account|mailbox|user) .{0,40}?(?:disabled|inactive|suspended|deactivated|désactivée?|deaktiviert)/i,
    code: 550,
    enhanced: '5.2.1',
  },
  {
    source: 'qmail-remote(8)',
    words:
      /couldn.t find any host (?:named|by that name)|name service error|host or domain name not found|domain (?:name )?not found/i,
    code: 450,
    enhanced: '4.4.4',
  },
  {
    source: 'qmail-remote(8)',
    words:
      /wasn.t able to establish an smtp connection|connection (?:timed out|refused)|retry time(?:out)? .{0,30}?exceeded|delivery time expired|too long/i,
    code: 450,
    enhanced: '4.4.7',
  },
  {
    source: 'general wording, spam',
    words: /(?:message|mail) .{0,40}?(?:spam|junk|blocked|rejected as)/i,
    code: 554,
    enhanced: '5.7.1',
  },
];
