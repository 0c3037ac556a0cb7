import { commonStates, filled, type KnownExport, known, no, says, yes } from './exportRule.ts';

/** The exports of further newsletter services, list servers, shops and address books. */
export const moreServices: readonly KnownExport[] = [
  known(
    'ActiveCampaign',
    [
      'contact_id email status sdate',
      'email status ip_address udate',
      'subscriber_id email status',
      'id email status sdate udate',
      'email first_name last_name status contact_created',
      'contact_id email list_status',
    ],
    Object.fromEntries(
      ['status', 'list_status'].map((column) => [
        column,
        says('active 1 subscribed', {
          pending: 'unconfirmed 0',
          unsubscribed: 'unsubscribed 2',
          bounced: 'bounced 3',
        }),
      ]),
    ),
    'https://developers.activecampaign.com/reference/contact',
  ),
  known(
    'GetResponse',
    ['email name unsubscribe_reason', 'email campaign_name removed_on', 'email origin unsubscribed_on'],
    {
      unsubscribed_on: filled('unsubscribed'),
      removed_on: filled('deleted'),
      unsubscribe_reason: filled('unsubscribed'),
    },
    'https://apireference.getresponse.com/',
  ),
  known(
    'CleverReach',
    [
      'email activated registered deactivated',
      'e_mail registriert aktiviert deaktiviert',
      'email registered deactivated',
      'email registriert deaktiviert',
    ],
    {
      deactivated: filled('unsubscribed'),
      deaktiviert: filled('unsubscribed'),
      activated: no('pending'),
      aktiviert: no('pending'),
      bounced: yes('bounced'),
    },
    'https://rest.cleverreach.com/explorer/v3',
  ),
  known(
    'rapidmail',
    [
      'email status recipientlist_id',
      'email activated status mailtype',
      'email vorname nachname status aktiviert',
      'email status activated foreign_id',
      'email vorname nachname status angelegt_am',
    ],
    {
      status: says('active aktiv new neu', {
        bounced: 'bounced bounce hardbounce',
        complained: 'abused abuse beschwerde',
        deleted: 'deleted geloscht',
        unsubscribed: 'optout abgemeldet unsubscribed',
        pending: 'inactive inaktiv unconfirmed nicht_bestatigt',
      }),
    },
    'https://developer.rapidmail.wiki/documentation.html',
  ),
  known(
    'Zoho Campaigns',
    [
      'contact_email contact_status',
      'contact_email subscription_status',
      'contact_email mailing_list_status',
      'contact_email first_name status',
      'record_id email_opt_out',
      'contact_email unsubscribed_time',
    ],
    {
      email_opt_out: yes('unsubscribed'),
      unsubscribed_time: filled('unsubscribed'),
      ...Object.fromEntries(
        ['contact_status', 'subscription_status', 'mailing_list_status', 'status'].map((column) => [
          column,
          says('active recent subscribed', {
            unsubscribed: 'unsub unsubscribed opt_out optout',
            bounced: 'bounce bounced hard_bounce',
            complained: 'spam marked_as_spam complaints',
            blocked: 'donotmail do_not_mail blocked',
            pending: 'waiting unconfirmed',
          }),
        ]),
      ),
    },
    'https://help.zoho.com/portal/en/kb/campaigns',
  ),
  known(
    'Moosend',
    [
      'name email status unsubscribed_on',
      'email subscribe_type subscribed_on',
      'email name status created_on unsubscribed_on',
      'email status subscribe_method',
    ],
    { status: commonStates, unsubscribed_on: filled('unsubscribed') },
    'https://docs.moosend.com/',
  ),
  known(
    'Drip',
    [
      'email status lead_score',
      'email status base_lead_score',
      'email status lifetime_value',
      'id email status eu_consent',
    ],
    { status: commonStates, eu_consent: says('granted unknown', { notSubscribed: 'denied' }) },
    'https://developer.drip.com/#subscribers',
  ),
  known(
    'beehiiv',
    [
      'email status subscription_tier',
      'email status utm_source',
      'subscriber_id email status',
      'email status acquisition_source',
      'email status premium_tiers',
    ],
    {
      status: says('active needs_attention paused', {
        unsubscribed: 'inactive unsubscribed',
        pending: 'pending validating',
        bounced: 'invalid bounced',
        deleted: 'deleted',
      }),
      unsubscribed_at: filled('unsubscribed'),
    },
    'https://developers.beehiiv.com/api-reference/subscriptions/index',
  ),
  known(
    'Mailman',
    [
      'address display_name delivery_status',
      'email delivery_status role',
      'email nomail',
      'address moderation_action delivery_status',
      'email display_name delivery_status',
    ],
    {
      delivery_status: says('enabled', { blocked: 'by_user by_moderator', bounced: 'by_bounces' }),
      nomail: yes('blocked'),
    },
    'https://docs.mailman3.org/projects/mailman/en/latest/src/mailman/rest/docs/preferences.html',
  ),
  known(
    'phpList',
    [
      'email confirmed blacklisted',
      'id email confirmed bouncecount',
      'email is_this_subscriber_blacklisted_1_0',
      'email is_this_subscriber_blacklisted',
      'email confirmed htmlemail',
      'is_this_subscriber_confirmed_1_0 is_this_subscriber_blacklisted_1_0',
    ],
    {
      blacklisted: yes('blocked'),
      is_this_subscriber_blacklisted_1_0: yes('blocked'),
      is_this_subscriber_blacklisted: yes('blocked'),
      disabled: yes('blocked'),
      confirmed: no('pending'),
      is_this_subscriber_confirmed_1_0: no('pending'),
      is_this_subscriber_confirmed: no('pending'),
    },
    'https://www.phplist.org/manual/',
  ),
  known(
    'Sympa',
    ['email gecos reception', 'email reception visibility', 'email gecos bounce', 'email reception subscribed'],
    {
      reception: says('mail digest digestplain summary notice txt html urlize not_me', {
        blocked: 'nomail suspend suspended',
      }),
      suspend: yes('blocked'),
    },
    'https://www.sympa.community/manual/',
  ),
  known(
    'Shopify',
    ['email accepts_email_marketing', 'email accepts_marketing'],
    { accepts_email_marketing: no('notSubscribed'), accepts_marketing: no('notSubscribed') },
    'https://help.shopify.com/en/manual/customers/import-export-customers',
  ),
  known(
    'Wix',
    [
      'email_1 email_subscriber_status_1',
      'email_1 email_subscriber_status',
      'email email_subscriber_status',
      'email_subscriber_status sms_subscriber_status',
    ],
    Object.fromEntries(
      ['email_subscriber_status', 'email_subscriber_status_1'].map((column) => [
        column,
        says('subscribed', {
          unsubscribed: 'unsubscribed',
          notSubscribed: 'never_subscribed not_subscribed not_set no_status',
          pending: 'pending',
        }),
      ]),
    ),
    'https://support.wix.com/en/article/exporting-your-contacts',
  ),
  known(
    'MailPoet',
    ['email global_status', 'email list_status', 'email statut_global', 'email subscriber_status list_name'],
    Object.fromEntries(
      ['global_status', 'list_status', 'subscriber_status', 'statut_global'].map((column) => [
        column,
        says('subscribed confirmed inactive abonne inactif', {
          unsubscribed: 'unsubscribed desabonne',
          pending: 'unconfirmed non_confirme',
          bounced: 'bounced rejete',
        }),
      ]),
    ),
    'https://kb.mailpoet.com/',
  ),
  known(
    'The Newsletter Plugin',
    ['email first_name last_name status token', 'email status token lists', 'id email name surname status token'],
    { status: says('c confirmed', { pending: 's', unsubscribed: 'u', bounced: 'b', complained: 'p' }) },
    'https://www.thenewsletterplugin.com/documentation/subscribers-and-management/',
  ),
  known(
    'EmailOctopus',
    ['email_address status tags created_at', 'email_address status tags'],
    { status: commonStates },
    'https://emailoctopus.com/api-documentation/v2',
  ),
  known(
    'Omnisend',
    ['email email_status', 'email emailstatus', 'contactid email status statusdate', 'email email_channel_status'],
    { email_status: commonStates, emailstatus: commonStates, status: commonStates, email_channel_status: commonStates },
    'https://api-docs.omnisend.com/reference/contacts',
  ),
  known(
    'Postmark suppressions',
    ['emailaddress suppressionreason', 'email_address suppression_reason', 'recipient suppression_reason'],
    Object.fromEntries(
      ['suppressionreason', 'suppression_reason'].map((column) => [
        column,
        says('', {
          bounced: 'hardbounce hard_bounce',
          complained: 'spamcomplaint spam_complaint',
          unsubscribed: 'manualsuppression manual_suppression',
        }),
      ]),
    ),
    'https://postmarkapp.com/developer/api/suppressions-api',
  ),
  known(
    'CiviCRM',
    [
      'no_bulk_emails_user_opt_out',
      'do_not_email is_opt_out',
      'contact_id do_not_email',
      'internal_contact_id do_not_email',
      'contact_id is_opt_out',
    ],
    {
      no_bulk_emails_user_opt_out: yes('unsubscribed'),
      is_opt_out: yes('unsubscribed'),
      do_not_email: yes('blocked'),
      on_hold: says('no 0', { bounced: 'yes 1 on_hold_bounce', unsubscribed: '2 on_hold_opt_out' }),
      is_deleted: yes('deleted'),
    },
    'https://docs.civicrm.org/user/en/latest/organising-your-data/contacts/',
  ),
  known(
    'Odoo',
    [
      'email opt_out subscription_date',
      'email blacklist',
      'email opt_out mailing_list',
      'email is_blacklisted',
      'email name opt_out lists',
    ],
    { opt_out: yes('unsubscribed'), blacklist: yes('blocked'), is_blacklisted: yes('blocked') },
    'https://www.odoo.com/documentation/18.0/applications/marketing/email_marketing/mailing_lists.html',
  ),
  known(
    'Pipedrive',
    ['person_marketing_status', 'person_email person_marketing_status', 'marketing_status person_id'],
    Object.fromEntries(
      ['person_marketing_status', 'marketing_status'].map((column) => [
        column,
        says('subscribed', { unsubscribed: 'unsubscribed', notSubscribed: 'no_consent', deleted: 'archived' }),
      ]),
    ),
    'https://developers.pipedrive.com/docs/api/v1/Persons',
  ),
  known(
    'MailUp',
    ['email stato data_iscrizione', 'email stato data_disiscrizione', 'email stato_iscrizione'],
    Object.fromEntries(
      ['stato', 'stato_iscrizione'].map((column) => [
        column,
        says('iscritto', { unsubscribed: 'disiscritto', pending: 'in_attesa' }),
      ]),
    ),
    'https://help.mailup.com/',
  ),
  known(
    'Laposta',
    [
      'email state signup_date',
      'e_mailadres status aanmelddatum',
      'e_mailadres status aangemeld_op',
      'email status signup_ip source_url',
    ],
    Object.fromEntries(
      ['state', 'status'].map((column) => [
        column,
        says('active actief', {
          unsubscribed: 'unsubscribed uitgeschreven afgemeld',
          pending: 'unconfirmed onbevestigd',
          cleaned: 'cleaned opgeschoond',
          deleted: 'deleted verwijderd',
        }),
      ]),
    ),
    'https://api.laposta.nl/doc/index.en.php',
  ),
  known(
    'Acumbamail',
    [
      'email estado fecha_de_alta',
      'email estado fecha_alta',
      'correo estado fecha_de_alta',
      'email estado fecha_de_suscripcion',
    ],
    {
      estado: says('activo suscrito', {
        unsubscribed: 'baja dado_de_baja desuscrito',
        bounced: 'rebotado hard_bounced',
        pending: 'pendiente no_confirmado',
        complained: 'queja spam',
      }),
    },
    'https://acumbamail.com/apidoc/',
  ),
];
