import type { StatusReason } from '../../../shared/statusReasons.ts';

/**
 * Words by which lists speak of consent, in English, French, German, Spanish, Italian, Dutch and Portuguese, as data.
 * Spelled as `wordKey` makes them: lower case, no accents, words parted by `_`.
 */

/** `Désinscrit le` → `desinscrit_le`, `E-mail 1 - Value` → `e_mail_1_value`. */
export function wordKey(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
}

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

export const yesWords =
  set(`yes true 1 x y on t checked oui vrai o ja wahr j si verdadero cierto vero waar sim verdadeiro s
  set subscribed opted_in opt_in granted given accepted ok`);
export const noWords =
  set(`no false 0 n off f none never null nil unchecked non faux nein falsch falso nee onwaar nao jamais
  nie nunca mai nooit denied refused withdrawn`);

/** Columns whose “yes”, date or reason means: do not write. `sure` ones need no question. */
export const outNames: readonly { reason: StatusReason; sure: ReadonlySet<string>; likely: ReadonlySet<string> }[] = [
  {
    reason: 'unsubscribed',
    sure: set(`unsubscribed unsubscribed_at unsubscribed_on unsubscribe_date unsubscribed_date unsubscription_date
      date_unsubscribed unsub_time unsub_date unsubscribe_reason unsubscribed_reason unsubscribed_from_all_email
      unsubscribed_from_all is_unsubscribed isunsubscribed has_unsubscribed global_unsubscribe opted_out opt_out optout
      optedout is_opted_out has_opted_out email_opt_out email_optout email_opted_out emailoptout has_opted_out_of_email
      hasoptedoutofemail opted_out_of_email opt_out_date opt_out_time optout_date optout_time opted_out_at
      email_opt_out_date confirmed_opt_out_date do_not_email donotemail no_email no_emails no_bulk_emails
      no_bulk_emails_user_opt_out is_opt_out email_disabled isexcludedfromcampaigns is_excluded_from_campaigns
      desabonne desabonnee desabonnement desabonne_le date_desabonnement date_de_desabonnement desinscrit desinscrite
      desinscription desinscrit_le date_desinscription date_de_desinscription
      abgemeldet abgemeldet_am abgemeldet_seit abmeldung abmeldedatum abmeldegrund ausgetragen ausgetragen_am
      dado_de_baja dada_de_baja fecha_de_baja fecha_baja desuscrito desuscripcion fecha_de_desuscripcion
      disiscritto disiscritta disiscrizione data_disiscrizione data_di_disiscrizione
      uitgeschreven uitgeschreven_op uitschrijfdatum afgemeld afgemeld_op afmelddatum
      descadastrado descadastrada descadastro data_descadastro data_de_descadastro desinscrito desinscrita
      cancelou_inscricao cancelou_a_inscricao`),
    likely: set(`unsubscribe opt_out_reason do_not_contact donotcontact do_not_mail no_contact dnc no_newsletter
      ne_pas_contacter ne_pas_ecrire ne_plus_contacter refus refuse_newsletter refus_newsletter sans_newsletter opposition
      kein_newsletter keine_werbung keine_mails nicht_kontaktieren keine_emails widerspruch widerruf
      baja no_contactar no_enviar cancelacion non_contattare opposizione revoca niet_mailen geen_mail geen_nieuwsbrief
      niet_contacteren nao_contactar nao_enviar removido`),
  },
  {
    reason: 'complained',
    sure: set(`complained complained_at complaint spam_complaint spam_complaints is_spam_complaining marked_as_spam
      reported_spam spam_report spam_reported_at abuse_complaint`),
    likely: set('spam abuse plainte beschwerde queja reclamo klacht'),
  },
  {
    reason: 'bounced',
    sure: set(`bounced bounced_at bounced_on bounce_date date_bounced hard_bounce hard_bounced hardbounce hard_bounced_at
      email_hard_bounce_reason email_bounced is_email_bounced isemailbounced email_bounced_date email_bounced_reason
      emailbounceddate emailbouncedreason bounce_reason invalid_email_address undeliverable rebotado rebotada gebounced
      hard_bounce_reason`),
    likely: set('bounce bounces bounce_type rebote rimbalzo'),
  },
  {
    reason: 'cleaned',
    sure: set('cleaned cleaned_at clean_time'),
    likely: set(''),
  },
  {
    reason: 'blocked',
    sure: set(`blacklisted blacklist is_blacklisted isblacklisted blocklisted blocklist is_blocklisted email_blacklisted
      emailblacklisted email_blacklist email_blocklisted emailblocklisted blacklisted_email blocklisted_email suppressed is_suppressed
      email_suppressed liste_noire sur_liste_noire lista_negra lista_nera zwarte_lijst`),
    likely: set('blocked is_blocked banned bloque gesperrt geblockt bloqueado bloccato geblokkeerd email_suppressions'),
  },
  {
    reason: 'deleted',
    sure: set(''),
    likely: set(''),
  },
];

/** Columns whose “no” means: has not agreed. */
export const inNames = {
  sure: set(`subscribed is_subscribed issubscribed subscribed_to_emails email_subscribed accepts_marketing
    accepts_email_marketing email_marketing_consent accepts_emails receives_email receive_emails
    abonne_newsletter abonne_a_la_newsletter inscrit_newsletter inscrit_a_la_newsletter accepte_newsletter
    newsletter_abonniert newsletter_angemeldet newsletter_empfang suscrito_al_boletin acepta_boletin
    iscritto_newsletter iscritto_alla_newsletter accetta_newsletter ingeschreven_nieuwsbrief nieuwsbrief_ontvangen
    inscrito_newsletter inscrito_na_newsletter aceita_newsletter`),
  likely:
    set(`opt_in optin opted_in email_opt_in email_optin email_opted_in double_opt_in doi newsletter newsletter_opt_in
    newsletter_subscription mailing_list marketing_opt_in marketing marketing_emails email_consent consent marketing_consent
    gdpr_consent gdpr permission email_permission allow_email can_email mailing accept_newsletter accepts_newsletter
    abonne abonnee inscrit_a_la_liste consentement consentement_email recevoir_la_newsletter
    accepte_les_emails accepte_de_recevoir rgpd lettre_d_information infolettre
    angemeldet abonniert abonnent einwilligung werbung_erlaubt werbeeinwilligung newsletter_erlaubt rundbrief dsgvo
    zustimmung suscrito suscrita suscriptor consentimiento boletin acepta_publicidad acepta_emails rgpd_consentimiento
    consenso consenso_marketing consenso_newsletter iscritto_lista nieuwsbrief toestemming
    geabonneerd aangemeld_nieuwsbrief akkoord avg_toestemming
    assinante consentimento boletim aceita_emails aceita_marketing lgpd`),
};

/** Columns that hold a state in one word. What the words mean is asked for, unless the export is known. */
export const statusNames = set(`status state subscription_status subscriber_status subscription_state email_status
  contact_status member_status newsletter_status email_marketing_status consent_status list_status global_status
  mailing_status marketing_status email_permission_status emailing_status opt_in_status optin_status statut etat
  statut_newsletter statut_abonnement statut_email statut_de_l_abonne statut_abonne zustand newsletterstatus abostatus
  abo_status anmeldestatus estado estado_suscripcion estado_de_suscripcion situacion stato stato_iscrizione
  stato_newsletter toestand inschrijfstatus nieuwsbriefstatus situacao estado_da_inscricao status_newsletter`);

/** Names of states that are surely about being written to; there also words that elsewhere mean other things count. */
export const consentStatus =
  /subscriber_sta|newsletter|mailing|marketing_status|consent|opt_?in|statut_de_l_abonne|statut_abonne|nieuwsbrief|permission_status|^email_status$|^statut_email$/;

/** What a cell says that means one thing only, whatever its column is called. */
export const sureValues = new Map<string, StatusReason>(
  Object.entries({
    unsubscribed: `unsubscribed unsubscribe opted_out opt_out optout optedout user_unsubscribed do_not_email do_not_mail
      do_not_contact desabonne desabonnee desinscrit desinscrite ne_pas_contacter ne_plus_contacter abgemeldet ausgetragen
      nicht_kontaktieren dado_de_baja dada_de_baja desuscrito desuscrita no_contactar disiscritto disiscritta
      non_contattare uitgeschreven afgemeld niet_mailen niet_contacteren descadastrado descadastrada desinscrito
      desinscrita nao_contactar dessubscrito`,
    complained: `complained complaint spam_complaint marked_as_spam reported_spam reported_as_spam abuse_complaint spam_report
      a_signale_comme_spam plainte_pour_spam`,
    bounced: `bounced hard_bounce hard_bounced hardbounce hardbounced undeliverable rebotado rebotada gebounced
      unzustellbar non_distribuable`,
    blocked: `blacklisted blocklisted suppressed liste_noire sur_liste_noire auf_schwarzer_liste lista_negra lista_nera
      zwarte_lijst`,
    pending: `unconfirmed not_confirmed non_confirme non_confirmee unbestatigt nicht_bestatigt no_confirmado no_confirmada
      non_confermato non_confermata niet_bevestigd onbevestigd nao_confirmado nao_confirmada double_opt_in_pending`,
    notSubscribed: `nonsubscribed non_subscribed not_subscribed never_subscribed nonsubscriber non_subscriber non_abonne
      non_abonnee non_inscrit pas_abonne pas_inscrit nicht_angemeldet nicht_abonniert no_suscrito no_suscrita
      non_iscritto non_iscritta niet_ingeschreven niet_aangemeld niet_geabonneerd nao_inscrito nao_inscrita`,
  }).flatMap(([reason, words]) => [...set(words)].map((word) => [word, reason as StatusReason] as const)),
);

/** What a cell may say in a column that is surely a state of consent, or where others of its cells spoke of consent. */
export const likelyValues = new Map<string, StatusReason>(
  Object.entries({
    unsubscribed: `cancelled canceled inactive removed left out baja cancelado cancelada cancellato cancellata abgelehnt
      inaktiv inactif inactive_contact resilie annule geannuleerd inactief inactivo inattivo inativo removido`,
    blocked: `blocked disabled spammy banned junk bloque bloquee gesperrt bloqueado bloqueada bloccato bloccata
      geblokkeerd rejete`,
    cleaned: 'cleaned nettoye',
    deleted: `deleted archived supprime supprimee geloscht eliminado eliminada eliminato eliminata verwijderd excluido
      apagado`,
    pending: `pending waiting unverified awaiting_confirmation en_attente ausstehend wartend pendiente en_espera in_attesa
      wachtend in_afwachting pendente`,
    bounced: 'bounce invalid soft_bounce invalide ungultig invalido non_valido ongeldig',
    complained: 'spam abuse abused plainte beschwerde queja',
    notSubscribed: 'no non nein nee nao none never',
  }).flatMap(([reason, words]) => [...set(words)].map((word) => [word, reason as StatusReason] as const)),
);

/** Words that show that a column speaks of consent at all; “confirmed” or “inscrit” are as often about an event. */
export const keepValues =
  set(`subscribed opted_in opt_in optin subscriber abonne abonnee abonniert suscrito suscrita geabonneerd
  assinante subscrito`);

/** Columns about other ways to a person, or about an order: never about mail. */
export const otherMatters =
  /(?:^|_)(?:sms|phone|tel|telephone|telefono|telefon|telefoon|telefone|mobile|whatsapp|push|fax|postal|post|order|orders|payment|pay|paiement|commande|bestell\w*|zahlung\w*|pedido|ordine|pagamento|pago|invoice|facture|rechnung\w*|shipping|delivery|livraison|versand\w*|financial|fulfillment|call)(?:_|$)/;

/** A date, as a column tells when it happened: `2024-05-01 10:00:00`, `01.05.2024`, `5/1/24`, `1714557600`, `May 1, 2024`. */
export const dateLike =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? [\p{L}]{3,9}\.? \d{4})|^1\d{9}(?:\d{3})?$/iu;

/** The code of a server that refused mail, in a list of bounces: `5.1.1` as `wordKey` spells it. */
export const refusalCode = /^[45]_\d{1,3}_\d{1,3}$/;

/** Longer names that hold a word of leaving, or of consent, are asked about. */
export const outWithin =
  /(?:^|_)(?:unsubscri\w*|opt(?:ed)?_out|desabonn\w*|desinscri\w*|abgemeldet|disiscri\w*|uitgeschreven|descadastr\w*|hard_bounce\w*)(?:_|$)/;
export const inWithin =
  /(?:^|_)(?:newsletter|opt_in|optin|consent\w*|einwilligung|consenso|toestemming|rgpd|gdpr|dsgvo|nieuwsbrief|infolettre)(?:_|$)/;
/** Consent to something else. */
export const otherConsent = /photo|image|video|foto|bild|medical|parental|cookie|terms|conditions|imagen|immagin/;

/** What a name may carry before or behind the word that matters. */
export const affixes =
  /^(?:contact|subscriber|user|member|customer|person|is|has|email|e_mail|marketing|contacto|contatto|kontakt)_|_(?:y_n|yes_no|oui_non|o_n|ja_nein|j_n|si_no|ja_nee|sim_nao|s_n|true_false|1_0|0_1)$/g;
