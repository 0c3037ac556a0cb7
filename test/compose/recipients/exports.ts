import type { StatusReason } from '../../../src/shared/statusReasons.ts';

/** An export as its service writes it: its header, and one row for each state. The last of a row is what becomes of it. */
export interface ExportCase {
  service: string;
  /** Whether it is recognised by name. */
  known?: false;
  header: string;
  rows: readonly [cells: string, outcome: StatusReason | 'mailed'][];
}

const mailchimp =
  'Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID';
const times = '2,2020-01-01 10:00:00,,2020-01-01 10:00:00,1.2.3.4,,,,,,,,2024-01-02 10:00:00,1,abc';

export const exportsWithStatus: readonly ExportCase[] = [
  {
    service: 'Mailchimp',
    header: `${mailchimp},NOTES,TAGS`,
    rows: [[`a@x.example,A,A,,${times},,"""VIP"""`, 'mailed']],
  },
  {
    service: 'Mailchimp',
    header: `${mailchimp},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,NOTES,TAGS`,
    rows: [
      [`a@x.example,A,A,,${times},2024-05-01 10:00:00,May,1,NORMAL,,,`, 'unsubscribed'],
      [`b@x.example,A,A,,${times},2024-05-01 10:00:00,May,1,SPAM,,,`, 'complained'],
      [`c@x.example,A,A,,${times},2024-05-01 10:00:00,,,,,,`, 'unsubscribed'],
    ],
  },
  {
    service: 'Mailchimp',
    header: `${mailchimp},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,NOTES,TAGS`,
    rows: [[`a@x.example,A,A,,${times},2024-05-01 10:00:00,May,1,,`, 'cleaned']],
  },
  {
    service: 'Mailchimp',
    header: 'Email Address,First Name,Status,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED',
    rows: [
      ['a@x.example,A,subscribed,,,', 'mailed'],
      ['b@x.example,A,unsubscribed,,,', 'unsubscribed'],
      ['c@x.example,A,cleaned,,,', 'cleaned'],
      ['d@x.example,A,pending,,,', 'pending'],
      ['e@x.example,A,nonsubscribed,,,', 'notSubscribed'],
    ],
  },
  {
    service: 'Substack',
    header: 'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at',
    rows: [
      ['a@x.example,false,,other,false,2025-01-01T00:00:00Z,', 'mailed'],
      ['b@x.example,true,2027-07-01,yearly,false,2025-01-01T00:00:00Z,2026-07-15', 'mailed'],
      ['c@x.example,false,,other,true,2025-01-01T00:00:00Z,', 'unsubscribed'],
    ],
  },
  {
    service: 'Ghost',
    header:
      'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers',
    rows: [
      ['1,a@x.example,A,,true,,,,,,', 'mailed'],
      ['2,b@x.example,A,,false,,,,,,', 'unsubscribed'],
      ['3,c@x.example,A,,true,,,,2024-01-01,,', 'deleted'],
    ],
  },
  {
    service: 'HubSpot',
    header:
      'Record ID - Contact,First Name,Email,Lead Status,Marketing contact status,Unsubscribed from all email,Email hard bounce reason',
    rows: [
      ['1,A,a@x.example,Open,Marketing contact,false,', 'mailed'],
      ['2,A,b@x.example,New,Marketing contact,true,', 'unsubscribed'],
      ['3,A,c@x.example,,Marketing contact,,UNKNOWN_USER', 'bounced'],
      ['4,A,d@x.example,Unqualified,Non-marketing contact,,', 'notSubscribed'],
    ],
  },
  {
    service: 'Salesforce',
    header: 'Id,FirstName,Email,HasOptedOutOfEmail,IsEmailBounced,EmailBouncedReason,IsDeleted',
    rows: [
      ['1,A,a@x.example,false,false,,false', 'mailed'],
      ['2,A,b@x.example,true,false,,false', 'unsubscribed'],
      ['3,A,c@x.example,false,true,550 no such user,false', 'bounced'],
      ['4,A,d@x.example,false,false,,true', 'deleted'],
    ],
  },
  {
    service: 'Salesforce',
    header: 'First Name,Last Name,Account Name,Email,Email Opt Out,Lead Source',
    rows: [
      ['A,B,Acme,a@x.example,0,Web', 'mailed'],
      ['A,B,Acme,b@x.example,1,Web', 'unsubscribed'],
    ],
  },
  {
    service: 'Brevo',
    header: 'EMAIL;NOM;PRENOM;SMS;EMAIL_BLACKLISTED;ADDED_TIME;MODIFIED_TIME',
    rows: [
      ['a@x.example;A;B;;0;2024-01-01;2024-01-01', 'mailed'],
      ['b@x.example;A;B;;1;2024-01-01;2024-01-01', 'unsubscribed'],
    ],
  },
  {
    service: 'Brevo',
    header: 'Contact ID,Email,Lastname,Firstname,SMS,Email campaigns,SMS campaigns',
    rows: [
      ['1,a@x.example,A,B,,Subscribed,Unsubscribed', 'mailed'],
      ['2,b@x.example,A,B,,Unsubscribed,Subscribed', 'unsubscribed'],
      ['3,c@x.example,A,B,,Blocklisted,', 'blocked'],
    ],
  },
  {
    service: 'listmonk',
    header: 'uuid,email,name,attributes,status,created_at,updated_at',
    rows: [
      ['1,a@x.example,A,{},enabled,2024-01-01,2024-01-01', 'mailed'],
      ['2,b@x.example,A,{},blocklisted,2024-01-01,2024-01-01', 'blocked'],
      ['3,c@x.example,A,{},disabled,2024-01-01,2024-01-01', 'blocked'],
    ],
  },
  {
    service: 'Kit',
    header: 'id,first_name,email_address,state,created_at',
    rows: [
      ['1,A,a@x.example,active,2024-01-01', 'mailed'],
      ['2,A,b@x.example,cancelled,2024-01-01', 'unsubscribed'],
      ['3,A,c@x.example,bounced,2024-01-01', 'bounced'],
      ['4,A,d@x.example,complained,2024-01-01', 'complained'],
      ['5,A,e@x.example,inactive,2024-01-01', 'pending'],
    ],
  },
  {
    service: 'Buttondown',
    header: 'id,email_address,creation_date,notes,metadata,tags,type,source',
    rows: [
      ['1,a@x.example,2024-01-01,,{},,regular,api', 'mailed'],
      ['2,b@x.example,2024-01-01,,{},,premium,api', 'mailed'],
      ['3,c@x.example,2024-01-01,,{},,unsubscribed,api', 'unsubscribed'],
      ['4,d@x.example,2024-01-01,,{},,unactivated,api', 'pending'],
      ['5,e@x.example,2024-01-01,,{},,undeliverable,api', 'bounced'],
      ['6,f@x.example,2024-01-01,,{},,removed,api', 'deleted'],
    ],
  },
  {
    service: 'Eventbrite',
    header:
      'Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Order Type,Total Paid,Attendee #,Attendee Status',
    rows: [
      ['1,2024-01-01,A,B,a@x.example,1,Full,Eventbrite Completed,10,1,Attending', 'mailed'],
      ['2,2024-01-01,A,B,b@x.example,1,Full,Eventbrite Completed,10,2,Checked In', 'mailed'],
      ['3,2024-01-01,A,B,c@x.example,1,Full,Refunded,10,3,Not Attending', 'refunded'],
      ['4,2024-01-01,A,B,d@x.example,1,Full,Refunded,10,4,Refunded', 'refunded'],
      ['5,2024-01-01,A,B,e@x.example,1,Full,Deleted,0,5,Deleted', 'deleted'],
    ],
  },
  {
    service: 'Mailjet',
    header: 'Adresse e-mail;Prénom;Désinscrit',
    rows: [
      ['a@x.example;Anne;non', 'mailed'],
      ['b@x.example;Léo;oui', 'unsubscribed'],
    ],
  },
  {
    service: 'Mailjet',
    header: 'ContactID,Email,IsUnsubscribed,IsExcludedFromCampaigns,IsSpamComplaining',
    rows: [
      ['1,a@x.example,False,False,False', 'mailed'],
      ['2,b@x.example,True,False,False', 'unsubscribed'],
      ['3,c@x.example,False,True,False', 'unsubscribed'],
      ['4,d@x.example,False,False,True', 'complained'],
    ],
  },
  {
    service: 'Klaviyo',
    header:
      'Email,Klaviyo ID,First Name,Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent',
    rows: [
      ['a@x.example,1,A,SUBSCRIBED,2024-01-01,UNSUBSCRIBED', 'mailed'],
      ['b@x.example,2,A,UNSUBSCRIBED,2024-01-01,SUBSCRIBED', 'unsubscribed'],
      ['c@x.example,3,A,NEVER_SUBSCRIBED,,', 'notSubscribed'],
    ],
  },
];

/** Lists of one's own whose column names say it by themselves: no question is needed. */
export const plainlyNamed: readonly ExportCase[] = [
  ['email,unsubscribed', 'no', 'yes', 'unsubscribed'],
  ['email,Unsubscribed at', '', '2024-05-01', 'unsubscribed'],
  ['email,opt_out', '0', '1', 'unsubscribed'],
  ['email,Email Opt Out', 'false', 'TRUE', 'unsubscribed'],
  ['email,bounced', 'no', 'yes', 'bounced'],
  ['email,subscribed', 'yes', 'no', 'notSubscribed'],
  ['courriel;Désinscrit', 'non', 'oui', 'unsubscribed'],
  ['courriel;Date de désinscription', '', '12/03/2024', 'unsubscribed'],
  ['E-Mail;Abgemeldet am', '', '12.03.2024', 'unsubscribed'],
  ['E-Mail;Abgemeldet', 'nein', 'ja', 'unsubscribed'],
  ['correo;Dado de baja', 'no', 'sí', 'unsubscribed'],
  ['email;Disiscritto', 'no', 'sì', 'unsubscribed'],
  ['e-mail;Uitgeschreven op', '', '2024-03-12', 'unsubscribed'],
  ['email;Descadastrado', 'não', 'sim', 'unsubscribed'],
].map(([header = '', keep, leave, reason]) => {
  const separator = header.includes(';') ? ';' : ',';
  return {
    service: header,
    known: false,
    header,
    rows: [
      [`a@x.example${separator}${keep}`, 'mailed'],
      [`b@x.example${separator}${leave}`, reason as StatusReason],
    ],
  };
});
