import { scenarioNames } from '../letter/plan/scenarioNames.ts';
import { msg, type Text } from '../shared/errors.ts';
import { bold, dim } from './terminal.ts';
import { say } from './words.ts';

export interface Command {
  name: string;
  /** What follows the name. */
  form: string;
  /** One line. */
  what: Text;
  /** Options of its own, each with one line. */
  options: readonly [option: string, what: Text][];
  /** What a person would not guess. */
  notes?: readonly Text[];
}

const recipients: [string, Text] = [
  '--recipients CSV',
  msg('the list, instead of “recipients” at the top of the document; may stand several times'),
];
const where: [string, Text] = ['--where CONDITION', msg('only these rows: \'city == "Lyon" and plan != "free"\'')];
const config: [string, Text] = [
  '--config FILE',
  msg('settings, JSON with comments (else ENVOI_CONFIG, else envoi.json)'),
];
const trusts: [string, Text] = [
  '--trust',
  msg('trusts these settings from now on, and gives their servers the passwords'),
];
const json: [string, Text] = ['--json', msg('one JSON object a line')];
const state: [string, Text] = ['--state DIR', msg('where campaigns are kept (the same as in the editor)')];

/** In the order in which they are needed. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    form: 'DOCUMENT [--network]',
    what: msg('says what would stop it, and which rows are left out'),
    options: [
      ['--network', msg('asks DNS and the providers about the sender too: SPF, DKIM, DMARC')],
      recipients,
      where,
      config,
      trusts,
      json,
    ],
    notes: [
      msg('Without --network nothing leaves this computer. What could not be asked is told apart from what failed.'),
    ],
  },
  {
    name: 'plan',
    form: 'DOCUMENT [--rehearse] [--scenario NAME|FILE] [--apply N]',
    what: msg('how long it takes, by which ways it could go, and what would happen; sends nothing'),
    options: [
      ['--rehearse', msg('the whole campaign against simulated servers, on an ordinary day')],
      [
        '--scenario NAME|FILE',
        msg('the same when something goes wrong: {0}, all, or a JSON file of your own', scenarioNames.join(', ')),
      ],
      ['--network', msg('asks the network whether direct delivery gets through')],
      ['--apply N', msg('writes that plan into the settings')],
      ['--at TIME', msg('18:30, 2026-11-24 09:00, or with a zone 2026-11-24T09:00+01:00')],
      recipients,
      where,
      config,
      trusts,
      state,
      json,
    ],
  },
  {
    name: 'render',
    form: 'DOCUMENT [--recipient ADDRESS|N] [--out DIR]',
    what: msg('the messages as on the wire (.eml)'),
    options: [
      ['--recipient ADDRESS|N', msg('one row only; without --out it is written to standard output')],
      ['--out DIR', msg('one file for each message')],
      recipients,
      where,
      config,
      trusts,
    ],
  },
  {
    name: 'test',
    form: 'DOCUMENT --to ADDRESS',
    what: msg('sends one, filled from the first row'),
    options: [
      ['--to ADDRESS', msg('who gets it; may be repeated (else envoi.testRecipients)')],
      ['--read', msg('then looks into your mailboxes (envoi.mailboxes) how it arrived')],
      ['--recipient ADDRESS|N', msg('the row to fill it from')],
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
    what: msg('checks, asks, sends, tells'),
    options: [
      recipients,
      where,
      ['--yes', msg('does not ask')],
      ['--again', msg('to those, too, who have this letter already')],
      [
        '--once KEY',
        msg('does nothing when this letter has begun with the same key before, as in a job that is run again'),
      ],
      ['--at TIME', msg('18:30, 2026-11-24 09:00, or with a zone 2026-11-24T09:00+01:00')],
      config,
      trusts,
      state,
      json,
    ],
    notes: [
      msg('Ctrl+C pauses: what is on its way is let through, and “envoi resume” goes on.'),
      msg('Where an engine runs for the same state directory, it does the sending, and this command shows it.'),
      msg('The same letter is the same document, or the same “id:” at its top. Who has it is left out.'),
    ],
  },
  {
    name: 'status',
    form: '[CAMPAIGN]',
    what: msg('the campaigns and how far they are'),
    options: [state, json],
  },
  {
    name: 'pause',
    form: '[CAMPAIGN]',
    what: msg('stops within one message for each connection'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'resume',
    form: '[CAMPAIGN]',
    what: msg('goes on where it was'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'correct',
    form: 'DOCUMENT [--yes]',
    what: msg('gives the remaining readers of its paused campaign the text as it is now, and goes on'),
    options: [['--yes', msg('does not ask')], config, trusts, state, json],
    notes: [msg('Pause first: envoi pause. Nobody gets both texts.')],
  },
  {
    name: 'cancel',
    form: '[CAMPAIGN]',
    what: msg('ends it; what is not sent yet never will be'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'report',
    form: '[CAMPAIGN] [--csv FILE] [--failed]',
    what: msg('who got it, who did not, and why'),
    options: [
      ['--csv FILE', msg('every recipient, a row each; - is standard output')],
      ['--failed', msg('only those who did not get it')],
      state,
      json,
    ],
    notes: [msg('Without a name: the latest campaign.')],
  },
  {
    name: 'resend',
    form: 'CAMPAIGN',
    what: msg('asks, then sends again to those who did not get it'),
    options: [['--yes', msg('does not ask')], state, json],
    notes: [msg('Addresses that bounced for good are suppressed and stay out.')],
  },
  {
    name: 'decide',
    form: 'CAMPAIGN resend|leave',
    what: msg('settles the ones in doubt'),
    options: [state, json],
    notes: [
      msg('In doubt: the connection or Envoi ended while a message was being completed; the server may have it.'),
      msg('resend: it may arrive twice. leave: it may be missing.'),
    ],
  },
  {
    name: 'servers',
    form: '[test [NAME] | probe NAME]',
    what: msg('lists the servers with their known limits; test tries one without sending, probe measures its limits'),
    options: [
      ['--messages N', msg('probe: at most so many test messages, of 100')],
      ['--for TIME', msg('probe: at most so long, such as 90s, of 180s')],
      ['--again', msg('probe: also if it was done within the last 24 hours')],
      ['--read', msg('probe: looks where the messages arrived, in envoi.mailboxes')],
      ['--yes', msg('probe: does not ask first')],
      config,
      ['--recipients CSV', msg('with “test direct”: whose mail servers are tried')],
      trusts,
      state,
      json,
    ],
    notes: [
      msg(
        'probe sends to envoi.testRecipients only, and stops at the first refusal that is not about a limit. Ctrl+C ends it.',
      ),
      msg('It finds connections, messages a connection and the rate. Limits for an hour or a day are never measured.'),
    ],
  },
  {
    name: 'trust',
    form: '[FOLDER|DOCUMENT]',
    what: msg('lets the envoi.json there name servers, keys and limits'),
    options: [['--yes', msg('does not ask')], json],
    notes: [
      msg(
        'Settings beside a document may come with it, from somebody else. Until you trust them they may only set texts.',
      ),
      msg('They are trusted as they are now: after a change you are asked again. --config needs no trust.'),
      msg('A password in the environment goes only to the host, port and user that you gave it to once.'),
    ],
  },
  {
    name: 'dkim',
    form: 'init [DOMAIN] [--wait]',
    what: msg('makes the key that signs your letters, and shows the record for DNS'),
    options: [['--wait', msg('looks until the record is there')], config, json],
    notes: [
      msg(
        'The private key goes into a folder of yours, envoi.dkim into the settings. Run again it makes nothing anew.',
      ),
    ],
  },
  {
    name: 'store',
    form: '[go-on|set-aside]',
    what: msg('whether the store of campaigns is sound, and what to do when it is not'),
    options: [state, json],
    notes: [
      msg('After a damage, or when an older copy was put back, nothing is sent until you have decided.'),
      msg('go-on: uses it as it is, with unfinished campaigns paused; messages it does not know of may go out twice.'),
      msg('set-aside: keeps it under another name and begins with an empty one.'),
    ],
  },
  {
    name: 'suppress',
    form: 'ADDRESS|DOMAIN… | --file LIST | --left-out DOCUMENT',
    what: msg('these must not be mailed any more'),
    options: [
      ['--reason WHY', msg('unsubscribed, bounced, complained or blocked (blocked unless told)')],
      ['--file LIST', msg('who has left as the list’s own columns say, else everybody on it')],
      ['--left-out DOCUMENT', msg('who has left as the columns of this letter’s lists say')],
      state,
      json,
    ],
    notes: [msg('A domain is that one alone; *.example.org means its subdomains.')],
  },
  {
    name: 'unsuppress',
    form: 'ADDRESS|DOMAIN…',
    what: msg('these may be mailed again'),
    options: [state, json],
  },
  {
    name: 'mailbox',
    form: 'read [NAME]  or  list, suppress ID…, dismiss ID…',
    what: msg('reads the bounces, complaints and unsubscribe requests that came back to a mailbox'),
    options: [config, state, json],
    notes: [
      msg('list shows replies, and what nothing proves whom it is about: that is for you to suppress or dismiss.'),
      msg(
        'Mailboxes are in envoi.mailboxes; their passwords in ENVOI_PASSWORD_<NAME>. They are only read: no flag is set.',
      ),
    ],
  },
  {
    name: 'unsubscribe',
    form: 'TOKEN…|-  or  --pull',
    what: msg('takes off the list whoever the tokens of a letter’s unsubscribe links belong to'),
    options: [
      ['--pull', msg('what came in at the endpoint behind envoi.unsubscribe.url since the last time')],
      config,
      state,
      json,
    ],
    notes: [
      msg('A token may be given as the whole link; “-” reads them from standard input.'),
      msg('--pull needs the endpoint’s secret in ENVOI_ENDPOINT_SECRET (docs/unsubscribe).'),
    ],
  },
  {
    name: 'unsubscribe-server',
    form: '--store DIR --name LIST [--listen HOST:PORT]',
    what: msg('the page behind the unsubscribe link, with one-click (RFC 8058); put it behind https'),
    options: [
      ['--store DIR', msg('where the tokens are kept until the engine has read them')],
      ['--name LIST', msg('the list’s name as readers know it')],
      ['--listen HOST:PORT', msg('127.0.0.1:8025 unless told')],
      ['--color #RRGGBB', msg('of the button')],
      ['--cert FILE --key FILE', msg('its own certificate, for a server without a proxy in front')],
      json,
    ],
    notes: [
      msg('The secret it shares with the engine is in ENVOI_ENDPOINT_SECRET.'),
      msg('It learns and logs no address.'),
    ],
  },
  {
    name: 'suppressions',
    form: '[undo CAMPAIGN | import|export|sync FILE]',
    what: msg('who must not be mailed, and why; undo takes back what a campaign’s refusals have marked'),
    options: [state, json],
    notes: [msg('sync: reads the file, then writes all into it, for several machines that share it.')],
  },
  {
    name: 'write-back',
    form: 'LIST [--remove | --undo]',
    what: msg('marks in a CSV who must not be mailed; every other byte stays'),
    options: [
      ['--remove', msg('deletes their rows instead')],
      ['--undo', msg('puts the list back as it was, as long as nobody has changed it since')],
      state,
      json,
    ],
    notes: [msg('The list as it was is kept beside it until the next time.')],
  },
  {
    name: 'state',
    form: 'export|import FILE',
    what: msg(
      'takes to another machine what unsubscribe links and bounces find their readers by, and the suppressions',
    ),
    options: [state, json],
    notes: [
      msg('Campaigns of the last 180 days. Those that are imported can be looked up and reported, never sent.'),
      msg('The file holds addresses and the key of your unsubscribe links; only you can read it.'),
    ],
  },
  {
    name: 'delete',
    form: 'CAMPAIGN [--yes]',
    what: msg('deletes an ended campaign with all that is kept of it'),
    options: [['--yes', msg('does not ask')], state, json],
    notes: [msg('Its unsubscribe links stop working: keep it for 180 days.')],
  },
  {
    name: 'forget',
    form: 'ADDRESS',
    what: msg('erases a person from all campaigns'),
    options: [state, json],
    notes: [msg('Of who had left a hash of the address stays, so that they are never written to again.')],
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
    `  ${sentence(say(what))}`,
    '',
    ...columns(options.map(([option, text]) => [option, say(text)])),
    ...(notes ? ['', ...notes.map((note) => `  ${say(note)}`)] : []),
  ].join('\n');
}

function overview(): string {
  return [
    say(msg('{0}: sends a Markdown or HTML document as a newsletter to a CSV list', bold('envoi'))),
    '',
    ...columns(commands.map(({ name, form, what }) => [`envoi ${name} ${form}`.trimEnd(), say(what)])),
    '',
    `  ${say(msg('{0} tells more.', 'envoi COMMAND --help'))}`,
    '',
    `  ${say(msg('Settings: --config FILE, JSON with comments; else ENVOI_CONFIG, else envoi.json beside the document (envoi trust).'))}`,
    `  ${say(msg('Passwords: ENVOI_PASSWORD_<SERVER> (OAuth: ENVOI_TOKEN_<SERVER>), or they are asked for.'))}`,
    `  ${say(msg('Exit codes: 0 all sent · 1 some failed · 2 refused, nothing sent · 3 interrupted, resumable'))}`,
  ].join('\n');
}

function columns(rows: readonly [left: string, right: string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${dim(right)}`);
}

function sentence(what: string): string {
  return `${what[0]?.toUpperCase()}${what.slice(1)}.`;
}
