import type { ReportStrings, ReportView } from '../../src/protocol/reportMessages.ts';
import { namedStrings } from './openPage.ts';

/** The words a test looks for; the rest are named after themselves. */
export const reportWords = {
  ...namedStrings('report'),
  sent: 'Sent',
  of: '{0} of {1}',
  percent: '{0}% done',
  chart: '{0} sent, {1} failed',
  openLine: 'Go to line {0}',
  actions: {
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    resendFailed: 'Resend',
    decideInDoubt: 'Decide',
    exportCsv: 'Export',
    showSent: 'Sent',
    compare: 'Compare',
  },
} as ReportStrings;

const start = Date.UTC(2026, 10, 23, 9, 30);

export const someReport: ReportView = {
  id: 'c1',
  subject: 'November news',
  tone: 'done',
  state: 'done',
  about: 'letter.md to readers.csv · started 10:30 · ended 10:52',
  returns: [],
  attention: [],
  total: 1204,
  counts: { all: 1204, sent: 1084, failed: 83, waiting: 36, inDoubt: 1, suppressed: 0, cancelled: 0 },
  refused: 3,
  rate: 0,
  eta: '',
  causes: [
    {
      severity: 'error',
      count: 74,
      title: 'SPF, DKIM or DMARC did not pass, at outlook.com',
      meaning: 'The provider could not verify that the message comes from its From domain.',
      remedy: 'Set up DKIM in envoi.dkim and publish SPF and DMARC records for the From domain.',
      reply: '550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level.',
      transport: 'office',
    },
    {
      severity: 'error',
      count: 9,
      title: 'No such mailbox, at example.com',
      meaning: 'The recipient’s server does not know this address.',
      remedy: 'Correct the address or remove it from the list. It is now suppressed.',
      reply: '550 5.1.1 User unknown',
      transport: 'office',
    },
    {
      severity: 'doubt',
      count: 1,
      title: 'In doubt, at example.net',
      meaning: 'The whole message went out, but the connection broke before the server’s answer. It may have arrived.',
      remedy: 'Decide: resend (it may arrive twice) or leave (it may be missing).',
      reply: '',
      transport: 'direct',
    },
  ],
  transports: [
    {
      name: 'office',
      host: 'smtp.example.org:587',
      state: 'at its limit until 11:00',
      sent: 900,
      deferred: 30,
      rejected: 83,
      quotas: [{ text: '500 of 500 in an hour', share: 1 }],
      lastError: '',
    },
    { name: 'direct', host: '', state: 'ready', sent: 184, deferred: 6, rejected: 0, quotas: [], lastError: '' },
  ],
  domains: [
    { domain: 'gmail.example', total: 640, sent: 630, failed: 2, waiting: 8, other: 0 },
    { domain: 'outlook.example', total: 310, sent: 222, failed: 74, waiting: 14, other: 0 },
    { domain: 'example.org', total: 254, sent: 232, failed: 7, waiting: 14, other: 0 },
  ],
  timeline: Array.from({ length: 60 }, (_, at) => ({
    at: start + at * 20_000,
    sent: at === 59 ? 22 : 18,
    failed: at % 3 === 0 ? 4 : 0,
  })),
  leftOut: '8 invalid addresses, 3 unsubscribed',
  refusedRows: [{ line: 12, list: 0, address: 'not an address', text: 'it has no @' }],
  actions: ['decideInDoubt', 'resendFailed', 'exportCsv', 'showSent', 'compare'],
  caught: false,
};
