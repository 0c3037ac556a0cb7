import { commonStates, filled, type KnownExport, known, no, says, yes } from './exportRule.ts';

const mailchimpStates = says('subscribed transactional', {
  unsubscribed: 'unsubscribed archived',
  cleaned: 'cleaned',
  pending: 'pending',
  notSubscribed: 'nonsubscribed non_subscribed',
});
/** The exports of the services that most lists come from. */
export const newsletterServices: readonly KnownExport[] = [
  known(
    'Mailchimp',
    [
      'member_rating optin_time',
      'member_rating last_changed',
      'leid euid',
      'unsub_time unsub_reason',
      'clean_time clean_campaign_title',
    ],
    {
      unsub_reason: says('normal nosignup inappropriate other', { complained: 'spam abuse' }),
      unsub_time: filled('unsubscribed'),
      clean_time: filled('cleaned'),
      clean_campaign_title: filled('cleaned'),
      status: mailchimpStates,
      email_marketing_status: mailchimpStates,
      subscriber_status: mailchimpStates,
    },
    'https://mailchimp.com/help/view-export-contacts/',
  ),
  known(
    'Substack',
    ['email active_subscription email_disabled', 'active_subscription expiry', 'email_disabled digest_enabled'],
    { email_disabled: yes('unsubscribed') },
    'https://github.com/TryGhost/migrate/tree/main/packages/mg-substack',
  ),
  known(
    'Ghost',
    'email subscribed_to_emails',
    { deleted_at: filled('deleted'), subscribed_to_emails: no('unsubscribed'), email_disabled: yes('bounced') },
    'https://ghost.org/help/import-members/',
  ),
  known(
    'HubSpot',
    [
      'unsubscribed_from_all_email',
      'marketing_contact_status',
      'email_hard_bounce_reason',
      'record_id_contact opted_out_of_email',
    ],
    {
      unsubscribed_from_all_email: yes('unsubscribed'),
      unsubscribed_from_all_emails: yes('unsubscribed'),
      email_hard_bounce_reason: filled('bounced'),
      global_email_hard_bounce_reason: filled('bounced'),
      invalid_email_address: yes('bounced'),
      currently_ineligible: yes('blocked'),
      marketing_contact_status: says('marketing_contact set', { notSubscribed: 'non_marketing_contact not_set' }),
    },
    'https://knowledge.hubspot.com/import-and-export/export-records',
  ),
  known(
    'Salesforce',
    [
      'hasoptedoutofemail',
      'isemailbounced',
      'emailbouncedreason',
      'email_opt_out email_bounced_reason',
      'email_opt_out contact_id',
      'email_opt_out lead_id',
      'email_opt_out account_name',
    ],
    {
      isdeleted: yes('deleted'),
      hasoptedoutofemail: yes('unsubscribed'),
      email_opt_out: yes('unsubscribed'),
      isemailbounced: yes('bounced'),
      emailbouncedreason: filled('bounced'),
      emailbounceddate: filled('bounced'),
      email_bounced_reason: filled('bounced'),
      email_bounced_date: filled('bounced'),
    },
    'https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm',
  ),
  known(
    'Brevo',
    [
      'email email_blacklisted',
      'email emailblacklisted',
      'email blacklisted_e',
      'email sms email_campaigns',
      'email email_marketing sms_marketing',
      'contact_id email blocklisted',
      'email blocklisted added_time',
      'email added_time modified_time',
      'email double_opt_in opt_in added_time',
      'email email_blocklisted',
      'email blacklisted sms',
    ],
    {
      email_blacklisted: yes('unsubscribed'),
      emailblacklisted: yes('unsubscribed'),
      email_blocklisted: yes('unsubscribed'),
      emailblocklisted: yes('unsubscribed'),
      blacklisted_e: yes('unsubscribed'),
      blacklisted: yes('unsubscribed'),
      blocklisted: yes('unsubscribed'),
      ...Object.fromEntries(
        ['email_campaigns', 'email_marketing', 'email_status', 'status', 'statut', 'subscription_status'].map(
          (column) => [
            column,
            says('subscribed abonne inscrit active', {
              unsubscribed: 'unsubscribed desabonne desinscrit',
              blocked: 'blocklisted blacklisted blocked',
              bounced: 'hard_bounced hard_bounce',
              notSubscribed: 'not_subscribed non_abonne',
            }),
          ],
        ),
      ),
    },
    'https://developers.brevo.com/reference/request-contact-export',
  ),
  known(
    'listmonk',
    ['uuid email name status', 'email attributes status', 'subscription_status list_id email'],
    {
      status: says('enabled', { blocked: 'blocklisted blacklisted disabled' }),
      subscription_status: says('confirmed', { unsubscribed: 'unsubscribed', pending: 'unconfirmed' }),
    },
    'https://listmonk.app/docs/apis/subscribers/',
  ),
  known(
    'Kit',
    [
      'id first_name email_address state',
      'first_name email state created_at',
      'email_address state created_at',
      'id first_name email status created_at',
      'first_name email status subscribed_at',
    ],
    Object.fromEntries(
      ['state', 'status'].map((column) => [
        column,
        says('active confirmed', {
          unsubscribed: 'cancelled canceled unsubscribed',
          bounced: 'bounced',
          complained: 'complained',
          pending: 'inactive unconfirmed',
          blocked: 'blocked',
          deleted: 'deleted',
        }),
      ]),
    ),
    'https://developers.kit.com/api-reference/subscribers/list-subscribers',
  ),
  known(
    'Buttondown',
    [
      'email_address creation_date type',
      'email creation_date type',
      'email creation_date subscriber_type',
      'email_address subscriber_type',
      'email subscriber_type metadata',
      'unsubscription_date unsubscription_reason',
      'email notes metadata type',
    ],
    {
      ...Object.fromEntries(
        ['type', 'subscriber_type'].map((column) => [
          column,
          says('regular premium gifted trialed past_due paused churned churning upcoming', {
            unsubscribed: 'unsubscribed',
            pending: 'unactivated unconfirmed',
            bounced: 'undeliverable',
            complained: 'complained',
            blocked: 'blocked spammy',
            deleted: 'removed deleted',
          }),
        ]),
      ),
      unsubscription_date: filled('unsubscribed'),
    },
    'https://github.com/buttondown/openapi/blob/main/enums.json',
  ),
  known(
    'Eventbrite',
    [
      'order attendee_status',
      'order order_date attendee',
      'attendee attendee_status',
      'order_id attendee_status',
      'order_no attendee_status',
      'ticket_type attendee_status',
    ],
    {
      attendee_status: says('attending checked_in used unpaid transferred partially_transferred partially_refunded', {
        refunded: 'refunded refunded_canceled refunded_cancelled not_attending cancelled canceled',
        deleted: 'deleted',
      }),
      order_status: says(
        'completed manual offline pending placed started transferred partially_transferred partially_refunded unpaid',
        {
          refunded: 'refunded refunded_canceled refunded_cancelled cancelled canceled',
          deleted: 'deleted abandoned',
        },
      ),
    },
    'https://www.eventbrite.com/help/en-us/articles/291888/glossary-of-order-and-attendee-statuses-in-event-reports/',
  ),
  known(
    'Mailjet',
    [
      'adresse_e_mail desinscrit',
      'email isexcludedfromcampaigns',
      'email is_excluded_from_campaigns',
      'email isunsubscribed',
      'email is_unsubscribed isoptinpending',
      'contactid email isunsubscribed',
    ],
    {
      desinscrit: yes('unsubscribed'),
      isunsubscribed: yes('unsubscribed'),
      is_unsubscribed: yes('unsubscribed'),
      isspamcomplaining: yes('complained'),
      is_spam_complaining: yes('complained'),
      isoptinpending: yes('pending'),
      is_opt_in_pending: yes('pending'),
      isexcludedfromcampaigns: yes('unsubscribed'),
      is_excluded_from_campaigns: yes('unsubscribed'),
    },
    'https://dev.mailjet.com/email/reference/contacts/',
  ),
  known(
    'Klaviyo',
    [
      'klaviyo_id email_marketing_consent',
      'email email_marketing_consent email_suppressions',
      'email klaviyo_id',
      'email email_marketing_consent',
    ],
    {
      email_marketing_consent: says('subscribed true', {
        unsubscribed: 'unsubscribed false',
        notSubscribed: 'never_subscribed',
        pending: 'pending_confirmation',
      }),
      email_suppressions: filled('blocked'),
      email_suppression_reason: filled('blocked'),
    },
    'https://developers.klaviyo.com/en/reference/get_profiles',
  ),
  known(
    'MailerLite',
    [
      'subscriber status sent opens clicks',
      'email status opted_in_at',
      'email status optin_ip',
      'subscriber subscribed location',
      'subscriber sent opens clicks',
      'email subscribe_date confirmation_date status',
    ],
    {
      status: commonStates,
      type: commonStates,
      unsubscribed: filled('unsubscribed'),
      unsubscribed_at: filled('unsubscribed'),
    },
    'https://developers.mailerlite.com/docs/subscribers.html',
  ),
  known(
    'Constant Contact',
    [
      'email_permission_status',
      'email_address email_status confirmed_opt_out_date',
      'email_address confirmed_opt_out_date',
    ],
    {
      confirmed_opt_out_date: filled('unsubscribed'),
      ...Object.fromEntries(
        ['email_status', 'email_permission_status', 'status'].map((column) => [
          column,
          says('active express explicit implied confirmed single_opt_in subscribed opt_in', {
            unsubscribed: 'unsubscribed optout opt_out opted_out',
            deleted: 'removed deleted',
            pending: 'awaiting_confirmation pending_confirmation pending unconfirmed',
            notSubscribed: 'non_subscriber nonsubscriber no_permissions no_permission not_set temp_hold',
            bounced: 'bounced undeliverable',
          }),
        ]),
      ),
    },
    'https://developer.constantcontact.com/api_guide/contacts_overview.html',
  ),
  known(
    'Campaign Monitor',
    [
      'email_address name date state',
      'email name date_unsubscribed',
      'email_address name unsubscribed_date',
      'email name state listsubscribedate',
      'name email subscribe_date status',
      'emailaddress name state',
    ],
    {
      state: commonStates,
      status: commonStates,
      date_unsubscribed: filled('unsubscribed'),
      unsubscribed_date: filled('unsubscribed'),
    },
    'https://www.campaignmonitor.com/api/v3-3/lists/',
  ),
  known(
    'AWeber',
    [
      'email name status stop_time',
      'email stop_status',
      'email add_method status',
      'email ad_tracking status',
      'email subscription_date stop_time',
      'email subscribed_at unsubscribed_at unsubscribe_method',
    ],
    {
      status: commonStates,
      stop_status: says('none', {
        unsubscribed: 'unsubscribed',
        bounced: 'undeliverable',
        blocked: 'blocked',
        complained: 'complaint complained',
      }),
      stop_time: filled('unsubscribed'),
      unsubscribed_at: filled('unsubscribed'),
    },
    'https://api.aweber.com/#tag/Subscribers',
  ),
];
