import { bold, dim } from './terminal.ts';

export interface Command {
  name: string;
  /** What follows the name. */
  form: string;
  /** One line. */
  what: string;
  /** Options of its own, each with one line. */
  options: readonly [option: string, what: string][];
  /** What a person would not guess. */
  notes?: readonly string[];
}

const recipients: [string, string] = [
  '--recipients CSV',
  'the list, instead of “recipients” at the top of the document',
];
const where: [string, string] = ['--where CONDITION', 'only these rows: \'city == "Lyon" and plan != "free"\''];
const config: [string, string] = ['--config FILE', 'settings, JSON with comments (else ENVOI_CONFIG, else envoi.json)'];
const trusts: [string, string] = [
  '--trust',
  'trusts these settings from now on, and gives their servers the passwords',
];
const json: [string, string] = ['--json', 'one JSON object a line'];
const state: [string, string] = ['--state DIR', 'where campaigns are kept (the same as in the editor)'];

/** In the order in which they are needed. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    form: 'DOCUMENT',
    what: 'says what would stop it, and which rows are left out',
    options: [recipients, where, config, trusts, json],
  },
  {
    name: 'render',
    form: 'DOCUMENT [--recipient ADDRESS|N] [--out DIR]',
    what: 'the messages as on the wire (.eml)',
    options: [
      ['--recipient ADDRESS|N', 'one row only; without --out it is written to standard output'],
      ['--out DIR', 'one file for each message'],
      recipients,
      where,
      config,
      trusts,
    ],
  },
  {
    name: 'test',
    form: 'DOCUMENT --to ADDRESS',
    what: 'sends one, filled from the first row',
    options: [
      ['--to ADDRESS', 'who gets it; may be repeated (else envoi.testRecipients)'],
      ['--recipient ADDRESS|N', 'the row to fill it from'],
      recipients,
      where,
      config,
      trusts,
      state,
      json,
    ],
  },
  {
    name: 'send',
    form: 'DOCUMENT [--recipients CSV] [--yes] [--at TIME] [--again] [--once KEY]',
    what: 'checks, asks, sends, tells',
    options: [
      recipients,
      where,
      ['--yes', 'does not ask'],
      ['--again', 'to those, too, who have this letter already'],
      ['--once KEY', 'does nothing when this letter has begun with the same key before, as in a job that is run again'],
      ['--at TIME', '18:30, 2026-11-24 09:00, or with a zone 2026-11-24T09:00+01:00'],
      config,
      trusts,
      state,
      json,
    ],
    notes: [
      'Ctrl+C pauses: what is on its way is let through, and “envoi resume” goes on.',
      'Where an engine runs for the same state directory, it does the sending, and this command shows it.',
      'The same letter is the same document, or the same “id:” at its top. Who has it is left out.',
    ],
  },
  {
    name: 'status',
    form: '[CAMPAIGN]',
    what: 'the campaigns and how far they are',
    options: [state, json],
  },
  {
    name: 'pause',
    form: '[CAMPAIGN]',
    what: 'stops within one message for each connection',
    options: [state, json],
    notes: ['Without a name: the only unfinished campaign.'],
  },
  {
    name: 'resume',
    form: '[CAMPAIGN]',
    what: 'goes on where it was',
    options: [state, json],
    notes: ['Without a name: the only unfinished campaign.'],
  },
  {
    name: 'correct',
    form: 'DOCUMENT [--yes]',
    what: 'gives the remaining readers of its paused campaign the text as it is now, and goes on',
    options: [['--yes', 'does not ask'], config, trusts, state, json],
    notes: ['Pause first: envoi pause. Nobody gets both texts.'],
  },
  {
    name: 'cancel',
    form: '[CAMPAIGN]',
    what: 'ends it; what is not sent yet never will be',
    options: [state, json],
    notes: ['Without a name: the only unfinished campaign.'],
  },
  {
    name: 'report',
    form: '[CAMPAIGN] [--csv FILE] [--failed]',
    what: 'who got it, who did not, and why',
    options: [
      ['--csv FILE', 'every recipient, a row each; - is standard output'],
      ['--failed', 'only those who did not get it'],
      state,
      json,
    ],
    notes: ['Without a name: the latest campaign.'],
  },
  {
    name: 'resend',
    form: 'CAMPAIGN',
    what: 'sends again to those who did not get it',
    options: [state, json],
    notes: ['Addresses that bounced for good are suppressed and stay out.'],
  },
  {
    name: 'decide',
    form: 'CAMPAIGN resend|leave',
    what: 'settles the ones in doubt',
    options: [state, json],
    notes: [
      'In doubt: the connection or Envoi ended while a message was being completed; the server may have it.',
      'resend: it may arrive twice. leave: it may be missing.',
    ],
  },
  {
    name: 'servers',
    form: '[test [NAME]]',
    what: 'lists the servers with the limits they refused for; test tries one without sending',
    options: [config, trusts, state, json],
  },
  {
    name: 'trust',
    form: '[FOLDER|DOCUMENT]',
    what: 'lets the envoi.json there name servers, keys and limits',
    options: [['--yes', 'does not ask'], json],
    notes: [
      'Settings beside a document may come with it, from somebody else. Until you trust them they may only set texts.',
      'They are trusted as they are now: after a change you are asked again. --config needs no trust.',
      'A password in the environment goes only to the host, port and user that you gave it to once.',
    ],
  },
  {
    name: 'store',
    form: '[go-on|set-aside]',
    what: 'whether the store of campaigns is sound, and what to do when it is not',
    options: [state, json],
    notes: [
      'After a damage, or when an older copy was put back, nothing is sent until you have decided.',
      'go-on: uses it as it is, with unfinished campaigns paused; messages it does not know of may go out twice.',
      'set-aside: keeps it under another name and begins with an empty one.',
    ],
  },
  {
    name: 'suppress',
    form: 'ADDRESS|DOMAIN… | --file LIST',
    what: 'these must not be mailed any more',
    options: [
      ['--reason WHY', 'unsubscribed, bounced, complained or blocked (blocked unless told)'],
      ['--file LIST', 'who has left as the list’s own columns say, else everybody on it'],
      state,
      json,
    ],
  },
  {
    name: 'unsuppress',
    form: 'ADDRESS|DOMAIN…',
    what: 'these may be mailed again',
    options: [state, json],
  },
  {
    name: 'mailbox',
    form: 'read [NAME]',
    what: 'reads the bounces, complaints and unsubscribe requests that came back to a mailbox',
    options: [config, state, json],
    notes: [
      'Mailboxes are in envoi.mailboxes; their passwords in ENVOI_PASSWORD_<NAME>. They are only read: no flag is set.',
    ],
  },
  {
    name: 'unsubscribe',
    form: 'TOKEN…|-  or  --pull',
    what: 'takes off the list whoever the tokens of a letter’s unsubscribe links belong to',
    options: [
      ['--pull', 'what came in at the endpoint behind envoi.unsubscribe.url since the last time'],
      config,
      state,
      json,
    ],
    notes: [
      'A token may be given as the whole link; “-” reads them from standard input.',
      '--pull needs the endpoint’s secret in ENVOI_ENDPOINT_SECRET (docs/unsubscribe).',
    ],
  },
  {
    name: 'unsubscribe-server',
    form: '--store DIR --name LIST [--listen HOST:PORT]',
    what: 'the page behind the unsubscribe link, with one-click (RFC 8058); put it behind https',
    options: [
      ['--store DIR', 'where the tokens are kept until the engine has read them'],
      ['--name LIST', 'the list’s name as readers know it'],
      ['--listen HOST:PORT', '127.0.0.1:8025 unless told'],
      ['--color #RRGGBB', 'of the button'],
      ['--cert FILE --key FILE', 'its own certificate, for a server without a proxy in front'],
      json,
    ],
    notes: ['The secret it shares with the engine is in ENVOI_ENDPOINT_SECRET.', 'It learns and logs no address.'],
  },
  {
    name: 'suppressions',
    form: '[undo CAMPAIGN | import|export|sync FILE]',
    what: 'who must not be mailed, and why; undo takes back what a campaign’s refusals have marked',
    options: [state, json],
    notes: ['sync: reads the file, then writes all into it, for several machines that share it.'],
  },
  {
    name: 'forget',
    form: 'ADDRESS',
    what: 'erases a person from all campaigns',
    options: [state, json],
    notes: ['Of who had left a hash of the address stays, so that they are never written to again.'],
  },
];

/** Of one command, or of all when it is not known. */
export function help(name?: string): string {
  const command = commands.find((known) => known.name === name);
  return command ? helpOf(command) : overview();
}

function helpOf({ name, form, what, options, notes }: Command): string {
  return [
    `${bold(`envoi ${name}`)} ${form}`.trim(),
    '',
    `  ${what[0]?.toUpperCase()}${what.slice(1)}.`,
    '',
    ...columns(options.map(([option, text]) => [option, text])),
    ...(notes ? ['', ...notes.map((note) => `  ${note}`)] : []),
  ].join('\n');
}

function overview(): string {
  return [
    `${bold('envoi')}: sends a Markdown or HTML document as a newsletter to a CSV list`,
    '',
    ...columns(commands.map(({ name, form, what }) => [`envoi ${name} ${form}`.trimEnd(), what])),
    '',
    '  envoi COMMAND --help tells more.',
    '',
    '  Settings: --config FILE, JSON with comments; else ENVOI_CONFIG, else envoi.json beside the document (envoi trust).',
    '  Passwords: ENVOI_PASSWORD_<SERVER> (OAuth: ENVOI_TOKEN_<SERVER>), or they are asked for.',
    '  Exit codes: 0 all sent · 1 some failed · 2 refused, nothing sent · 3 interrupted, resumable',
  ].join('\n');
}

function columns(rows: readonly [left: string, right: string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${dim(right)}`);
}
