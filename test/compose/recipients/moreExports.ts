import type { ExportCase } from './exports.ts';

/** Further exports, as in `exports.ts`. */
export const moreExports: readonly ExportCase[] = [
  {
    service: 'MailerLite',
    header: 'Subscriber,Status,Sent,Opens,Clicks,Subscribed,Location',
    rows: [
      ['a@x.example,Active,5,2,1,2024-01-01,FR', 'mailed'],
      ['b@x.example,Unsubscribed,5,2,1,2024-01-01,FR', 'unsubscribed'],
      ['c@x.example,Bounced,5,2,1,2024-01-01,FR', 'bounced'],
      ['d@x.example,Unconfirmed,0,0,0,2024-01-01,FR', 'pending'],
      ['e@x.example,Junk,0,0,0,2024-01-01,FR', 'complained'],
    ],
  },
  {
    service: 'Constant Contact',
    header: 'Email address,First name,Last name,Email status,Email permission status,Confirmed Opt-Out Date,Created At',
    rows: [
      ['a@x.example,A,B,Active,Express,,2024-01-01', 'mailed'],
      ['b@x.example,A,B,Unsubscribed,Unsubscribed,2024-02-01,2024-01-01', 'unsubscribed'],
      ['c@x.example,A,B,Active,Awaiting confirmation,,2024-01-01', 'pending'],
    ],
  },
  {
    service: 'Campaign Monitor',
    header: 'Email Address,Name,Date,State,Custom',
    rows: [
      ['a@x.example,A,2024-01-01,Active,', 'mailed'],
      ['b@x.example,A,2024-01-01,Unsubscribed,', 'unsubscribed'],
      ['c@x.example,A,2024-01-01,Bounced,', 'bounced'],
      ['d@x.example,A,2024-01-01,Deleted,', 'deleted'],
    ],
  },
  {
    service: 'AWeber',
    header: 'Email,Name,Status,Subscription Date,Stop Time',
    rows: [
      ['a@x.example,A,subscribed,2024-01-01,', 'mailed'],
      ['b@x.example,A,unsubscribed,2024-01-01,2024-02-01', 'unsubscribed'],
      ['c@x.example,A,unconfirmed,2024-01-01,', 'pending'],
    ],
  },
  {
    service: 'ActiveCampaign',
    header: 'Contact ID,Email,First Name,Status,SDate,UDate',
    rows: [
      ['1,a@x.example,A,Active,2024-01-01,', 'mailed'],
      ['2,b@x.example,A,Unsubscribed,2024-01-01,2024-02-01', 'unsubscribed'],
      ['3,c@x.example,A,Bounced,2024-01-01,', 'bounced'],
      ['4,d@x.example,A,Unconfirmed,,', 'pending'],
    ],
  },
  {
    service: 'GetResponse',
    header: 'Email,Name,Campaign Name,Removed on,Unsubscribe reason',
    rows: [['a@x.example,A,news,2024-01-01,Too many', 'deleted']],
  },
  {
    service: 'CleverReach',
    header: 'E-Mail;Registriert;Aktiviert;Deaktiviert;Quelle',
    rows: [
      ['a@x.example;01.01.2024;01.01.2024;0;Formular', 'mailed'],
      ['b@x.example;01.01.2024;01.01.2024;02.02.2024;Formular', 'unsubscribed'],
      ['c@x.example;01.01.2024;0;0;Formular', 'pending'],
    ],
  },
  {
    service: 'rapidmail',
    header: 'email;vorname;nachname;status;angelegt_am',
    rows: [
      ['a@x.example;A;B;Aktiv;2024-01-01', 'mailed'],
      ['b@x.example;A;B;Abgemeldet;2024-01-01', 'unsubscribed'],
      ['c@x.example;A;B;Bounce;2024-01-01', 'bounced'],
    ],
  },
  {
    service: 'Zoho Campaigns',
    header: 'Contact Email,First Name,Last Name,Contact Status',
    rows: [
      ['a@x.example,A,B,Active', 'mailed'],
      ['b@x.example,A,B,Unsubscribed', 'unsubscribed'],
      ['c@x.example,A,B,Do not mail', 'blocked'],
    ],
  },
  {
    service: 'Moosend',
    header: 'Name,Email,Status,Created on,Unsubscribed on',
    rows: [
      ['A,a@x.example,Subscribed,2024-01-01,', 'mailed'],
      ['A,b@x.example,Unsubscribed,2024-01-01,2024-02-01', 'unsubscribed'],
      ['A,c@x.example,Removed,2024-01-01,', 'deleted'],
    ],
  },
  {
    service: 'Drip',
    header: 'id,email,status,created_at,lead_score,lifetime_value',
    rows: [
      ['1,a@x.example,active,2024-01-01,30,0', 'mailed'],
      ['2,b@x.example,unsubscribed,2024-01-01,30,0', 'unsubscribed'],
      ['3,c@x.example,removed,2024-01-01,30,0', 'deleted'],
    ],
  },
  {
    service: 'beehiiv',
    header: 'email,status,created_at,subscription_tier,utm_source,utm_medium',
    rows: [
      ['a@x.example,active,2024-01-01,free,,', 'mailed'],
      ['b@x.example,inactive,2024-01-01,free,,', 'unsubscribed'],
      ['c@x.example,pending,2024-01-01,free,,', 'pending'],
      ['d@x.example,invalid,2024-01-01,free,,', 'bounced'],
    ],
  },
  {
    service: 'Mailman',
    header: 'address,display_name,delivery_status,delivery_mode',
    rows: [
      ['a@x.example,A,enabled,regular', 'mailed'],
      ['b@x.example,A,by_user,regular', 'blocked'],
      ['c@x.example,A,by_bounces,regular', 'bounced'],
    ],
  },
  {
    service: 'phpList',
    header: 'id,email,confirmed,blacklisted,bouncecount,entered,htmlemail',
    rows: [
      ['1,a@x.example,1,0,0,2024-01-01,1', 'mailed'],
      ['2,b@x.example,0,0,0,2024-01-01,1', 'pending'],
      ['3,c@x.example,1,1,0,2024-01-01,1', 'blocked'],
    ],
  },
  {
    service: 'Sympa',
    header: 'email;gecos;reception;visibility',
    rows: [
      ['a@x.example;A;mail;noconceal', 'mailed'],
      ['b@x.example;A;digest;noconceal', 'mailed'],
      ['c@x.example;A;nomail;noconceal', 'blocked'],
    ],
  },
  {
    service: 'Shopify',
    header:
      'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt',
    rows: [
      ["'1,A,B,a@x.example,yes,Lyon,,no,10.00,1,,,no", 'mailed'],
      ["'2,A,B,b@x.example,no,Lyon,,yes,10.00,1,,,no", 'notSubscribed'],
    ],
  },
  {
    service: 'Wix',
    header:
      'First Name,Last Name,Email 1,Email 2,Phone 1,Labels,Created At (UTC+0),Email subscriber status,SMS subscriber status',
    rows: [
      ['A,B,a@x.example,,,,2024-01-01,Subscribed,Never subscribed', 'mailed'],
      ['A,B,b@x.example,,,,2024-01-01,Unsubscribed,', 'unsubscribed'],
      ['A,B,c@x.example,,,,2024-01-01,Never subscribed,', 'notSubscribed'],
    ],
  },
  {
    service: 'MailPoet',
    header: 'Email,First name,Last name,List,Global status,List status',
    rows: [
      ['a@x.example,A,B,News,subscribed,subscribed', 'mailed'],
      ['b@x.example,A,B,News,unsubscribed,subscribed', 'unsubscribed'],
      ['c@x.example,A,B,News,subscribed,unsubscribed', 'unsubscribed'],
      ['d@x.example,A,B,News,bounced,subscribed', 'bounced'],
    ],
  },
  {
    service: 'Omnisend',
    header: 'Email,First name,Email status,SMS status',
    rows: [
      ['a@x.example,A,subscribed,unsubscribed', 'mailed'],
      ['b@x.example,A,unsubscribed,', 'unsubscribed'],
      ['c@x.example,A,nonSubscribed,', 'notSubscribed'],
    ],
  },
  {
    service: 'Postmark suppressions',
    header: 'EmailAddress,SuppressionReason,Origin,CreatedAt',
    rows: [
      ['a@x.example,HardBounce,Recipient,2024-01-01', 'bounced'],
      ['b@x.example,SpamComplaint,Recipient,2024-01-01', 'complained'],
      ['c@x.example,ManualSuppression,Customer,2024-01-01', 'unsubscribed'],
    ],
  },
  {
    service: 'CiviCRM',
    header: 'Contact ID,Display Name,Email,No Bulk Emails (User Opt Out),Do Not Email,Do Not Phone,On Hold',
    rows: [
      ['1,A,a@x.example,No,No,Yes,No', 'mailed'],
      ['2,A,b@x.example,Yes,No,No,No', 'unsubscribed'],
      ['3,A,c@x.example,No,Yes,No,No', 'blocked'],
      ['4,A,d@x.example,No,No,No,On Hold Bounce', 'bounced'],
    ],
  },
  {
    service: 'Pipedrive',
    header: 'Person - Name,Person - Email,Person - Marketing status',
    rows: [
      ['A,a@x.example,Subscribed', 'mailed'],
      ['A,b@x.example,Unsubscribed', 'unsubscribed'],
      ['A,c@x.example,No consent', 'notSubscribed'],
    ],
  },
  {
    service: 'MailUp',
    header: 'Email;Nome;Stato;Data iscrizione',
    rows: [
      ['a@x.example;A;Iscritto;01/01/2024', 'mailed'],
      ['b@x.example;A;Disiscritto;01/01/2024', 'unsubscribed'],
    ],
  },
  {
    service: 'Laposta',
    header: 'E-mailadres;Voornaam;Status;Aanmelddatum',
    rows: [
      ['a@x.example;A;Actief;2024-01-01', 'mailed'],
      ['b@x.example;A;Uitgeschreven;2024-01-01', 'unsubscribed'],
    ],
  },
  {
    service: 'Acumbamail',
    header: 'Email;Nombre;Estado;Fecha de alta',
    rows: [
      ['a@x.example;A;Activo;2024-01-01', 'mailed'],
      ['b@x.example;A;Dado de baja;2024-01-01', 'unsubscribed'],
      ['c@x.example;A;Rebotado;2024-01-01', 'bounced'],
    ],
  },
];
