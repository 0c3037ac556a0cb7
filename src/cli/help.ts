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
  msg('the list, instead of “recipients” in the front matter; may be repeated'),
];
const where: [string, Text] = ['--where CONDITION', msg('only these rows: \'city == "Lyon" and plan != "free"\'')];
const config: [string, Text] = [
  '--config FILE',
  msg('settings, JSON with comments (else ENVOI_CONFIG, else envoi.json)'),
];
const trusts: [string, Text] = [
  '--trust',
  msg('trusts these settings from now on, and sends their servers the passwords'),
];
const json: [string, Text] = ['--json', msg('one JSON object a line')];
const state: [string, Text] = ['--state DIR', msg('where campaigns are kept (the same as in the editor)')];

/** In the order in which they are needed. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    form: 'DOCUMENT [--network]',
    what: msg('reports what would stop it, and which rows are left out'),
    options: [
      ['--network', msg('also checks the sender in DNS and with the providers: SPF, DKIM, DMARC')],
      recipients,
      where,
      config,
      trusts,
      json,
    ],
    notes: [msg('Without --network, nothing leaves this computer. Checks that could not be made are listed apart.')],
  },
  {
    name: 'plan',
    form: 'DOCUMENT [--rehearse] [--scenario NAME|FILE] [--apply N]',
    what: msg('how long it takes, which routes it could use, and what would happen; sends nothing'),
    options: [
      ['--rehearse', msg('the whole campaign against simulated servers, on an ordinary day')],
      [
        '--scenario NAME|FILE',
        msg('the same when something goes wrong: {0}, all, or a JSON file of your own', scenarioNames.join(', ')),
      ],
      ['--network', msg('tests whether direct delivery works from this network')],
      ['--apply N', msg('writes that plan to the settings')],
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
      ['--read', msg('then checks in your mailboxes (envoi.mailboxes) how it arrived')],
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
    what: msg('checks, asks, sends, reports'),
    options: [
      recipients,
      where,
      ['--yes', msg('does not ask')],
      ['--again', msg('also to those who already have this letter')],
      [
        '--once KEY',
        msg('does nothing if this letter was already started with the same key, as in a job that is run again'),
      ],
      ['--at TIME', msg('18:30, 2026-11-24 09:00, or with a zone 2026-11-24T09:00+01:00')],
      config,
      trusts,
      state,
      json,
    ],
    notes: [
      msg('Ctrl+C pauses: messages in transit are completed, and “envoi resume” continues.'),
      msg('If an engine runs for the same state directory, it sends, and this command shows its progress.'),
      msg('The same letter: the same document, or the same “id:” in its front matter. Who has it is left out.'),
    ],
  },
  {
    name: 'status',
    form: '[CAMPAIGN]',
    what: msg('the campaigns and their progress'),
    options: [state, json],
  },
  {
    name: 'pause',
    form: '[CAMPAIGN]',
    what: msg('stops after at most one more message per connection'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'resume',
    form: '[CAMPAIGN]',
    what: msg('resumes where it stopped'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'correct',
    form: 'DOCUMENT [--yes]',
    what: msg('sends the remaining readers of its paused campaign the current text'),
    options: [['--yes', msg('does not ask')], config, trusts, state, json],
    notes: [msg('Pause first: envoi pause. Nobody gets both versions.')],
  },
  {
    name: 'cancel',
    form: '[CAMPAIGN]',
    what: msg('cancels it; what is not sent yet never will be'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'report',
    form: '[CAMPAIGN] [--csv FILE] [--failed]',
    what: msg('who got it, who did not, and why'),
    options: [
      ['--csv FILE', msg('one row per recipient; - is standard output')],
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
    notes: [msg('Addresses that bounced permanently are suppressed and stay excluded.')],
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
      msg('Settings next to a document may come from someone else. Until you trust them, they can only set texts.'),
      msg('They are trusted in their current version: after a change you are asked again. --config needs no trust.'),
      msg('A password in the environment is only sent to the host, port and user you first used it with.'),
    ],
  },
  {
    name: 'dkim',
    form: 'init [DOMAIN] [--wait]',
    what: msg('creates the key that signs your mail, and shows the DNS record'),
    options: [['--wait', msg('waits until the record appears')], config, json],
    notes: [
      msg(
        'The private key goes into a folder of yours, envoi.dkim into the settings. Running it again creates nothing new.',
      ),
    ],
  },
  {
    name: 'store',
    form: '[go-on|set-aside]',
    what: msg('whether the campaign store is intact, and what to do if it is not'),
    options: [state, json],
    notes: [
      msg('If the store is damaged or an older copy was restored, nothing is sent until you have decided.'),
      msg(
        'go-on: uses it as it is, with unfinished campaigns paused; messages missing from its records may be sent twice.',
      ),
      msg('set-aside: keeps it under another name and starts with an empty one.'),
    ],
  },
  {
    name: 'suppress',
    form: 'ADDRESS|DOMAIN… | --file LIST | --left-out DOCUMENT',
    what: msg('these must not be mailed any more'),
    options: [
      ['--reason WHY', msg('unsubscribed, bounced, complained or blocked (default: blocked)')],
      ['--file LIST', msg('those who left according to the list’s own columns, otherwise everyone on it')],
      ['--left-out DOCUMENT', msg('those who left according to the columns of this letter’s lists')],
      state,
      json,
    ],
    notes: [msg('A domain means that domain alone; *.example.org means its subdomains.')],
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
    what: msg('unsubscribes the readers that the tokens of unsubscribe links belong to'),
    options: [
      ['--pull', msg('what arrived at the endpoint behind envoi.unsubscribe.url since the last time')],
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
      ['--listen HOST:PORT', msg('default: 127.0.0.1:8025')],
      ['--color #RRGGBB', msg('of the button')],
      ['--cert FILE --key FILE', msg('its own certificate, for a server without a reverse proxy')],
      json,
    ],
    notes: [
      msg('The secret it shares with the engine is in ENVOI_ENDPOINT_SECRET.'),
      msg('It neither learns nor logs any address.'),
    ],
  },
  {
    name: 'suppressions',
    form: '[undo CAMPAIGN | import|export|sync FILE]',
    what: msg('who must not be mailed, and why; undo takes back what a campaign’s rejections have marked'),
    options: [state, json],
    notes: [msg('sync: reads the file, then writes everything to it, for several machines that share it.')],
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
      'moves the data that unsubscribe links and bounces need to find their readers, and the suppressions, to another machine',
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
    what: msg('deletes a finished campaign and everything kept about it'),
    options: [['--yes', msg('does not ask')], state, json],
    notes: [msg('Its unsubscribe links stop working: keep it for 180 days.')],
  },
  {
    name: 'forget',
    form: 'ADDRESS',
    what: msg('erases a person from all campaigns'),
    options: [state, json],
    notes: [msg('For people who had left, a hash of the address is kept, so that they are never mailed again.')],
  },
];

/** For one command, or for all when it is not known. */
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
    `  ${say(msg('{0} shows more.', 'envoi COMMAND --help'))}`,
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
