import { scenarioNames } from '../letter/plan/scenarioNames.ts';
import { msg, type Text } from '../shared/errors.ts';

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
  msg('settings file, JSON with comments (else ENVOI_CONFIG, else envoi.json)'),
];
const trusts: [string, Text] = [
  '--trust',
  msg('trusts these settings from now on, and sends the passwords to their servers'),
];
const json: [string, Text] = ['--json', msg('prints one JSON object per line')];
const state: [string, Text] = ['--state DIR', msg('where campaigns are kept (the same as in the editor)')];

/** In the order in which they are needed. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    form: 'DOCUMENT [--network]',
    what: msg('reports what would stop sending, and which rows are left out'),
    options: [
      ['--network', msg('also checks the sender in DNS and with the providers: SPF, DKIM, DMARC')],
      recipients,
      where,
      config,
      trusts,
      json,
    ],
    notes: [
      msg('Without --network, nothing leaves this computer. Checks that could not be run are listed separately.'),
    ],
  },
  {
    name: 'plan',
    form: 'DOCUMENT [--rehearse] [--scenario NAME|FILE] [--apply N]',
    what: msg('shows how long sending takes, which routes it could use, and what would happen; sends nothing'),
    options: [
      ['--rehearse', msg('runs the whole campaign against simulated servers, on an ordinary day')],
      [
        '--scenario NAME|FILE',
        msg('the same when something goes wrong: {0}, all, or your own JSON file', scenarioNames.join(', ')),
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
    what: msg('writes the messages exactly as they would be sent (.eml)'),
    options: [
      ['--recipient ADDRESS|N', msg('only this row; without --out, the message is written to standard output')],
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
    what: msg('sends one test message, filled in from the first row'),
    options: [
      ['--to ADDRESS', msg('who gets it; may be repeated (else envoi.testRecipients)')],
      ['--read', msg('then checks in your mailboxes (envoi.mailboxes) how it arrived')],
      ['--recipient ADDRESS|N', msg('the row to fill it in from')],
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
      ['--yes', msg('does not ask for confirmation')],
      ['--again', msg('also to those who already have this letter')],
      ['--once KEY', msg('does nothing if this letter was already started with the same key, as when a job is rerun')],
      ['--at TIME', msg('18:30, 2026-11-24 09:00, or with a zone 2026-11-24T09:00+01:00')],
      config,
      trusts,
      state,
      json,
    ],
    notes: [
      msg('Ctrl+C pauses: messages in transit are completed, and “envoi resume” continues.'),
      msg('If an engine already runs for the same state directory, it sends, and this command shows its progress.'),
      msg('The same letter: the same document or “id:” in its front matter. Recipients who have it are left out.'),
    ],
  },
  {
    name: 'status',
    form: '[CAMPAIGN]',
    what: msg('lists the campaigns and their progress'),
    options: [state, json],
  },
  {
    name: 'pause',
    form: '[CAMPAIGN]',
    what: msg('pauses a campaign, after at most one more message per connection'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'resume',
    form: '[CAMPAIGN]',
    what: msg('resumes a campaign where it stopped'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'correct',
    form: 'DOCUMENT [--yes]',
    what: msg('sends the remaining readers of its paused campaign the current text'),
    options: [['--yes', msg('does not ask for confirmation')], config, trusts, state, json],
    notes: [msg('Pause first: envoi pause. Nobody gets both versions.')],
  },
  {
    name: 'cancel',
    form: '[CAMPAIGN]',
    what: msg('cancels a campaign; messages not yet sent never will be'),
    options: [state, json],
    notes: [msg('Without a name: the only unfinished campaign.')],
  },
  {
    name: 'report',
    form: '[CAMPAIGN] [--csv FILE] [--failed]',
    what: msg('lists who got it, who did not, and why'),
    options: [
      ['--csv FILE', msg('one row per recipient; “-” writes to standard output')],
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
    options: [['--yes', msg('does not ask for confirmation')], state, json],
    notes: [msg('Addresses that bounced permanently are suppressed and stay excluded.')],
  },
  {
    name: 'decide',
    form: 'CAMPAIGN resend|leave',
    what: msg('resolves the messages in doubt'),
    options: [state, json],
    notes: [
      msg('In doubt: the connection or Envoi stopped while a message was being completed. The server may have it.'),
      msg('resend: the message may arrive twice. leave: it may never arrive.'),
    ],
  },
  {
    name: 'servers',
    form: '[test [NAME] | probe NAME]',
    what: msg('lists the servers with their known limits; test tries one without sending, probe measures its limits'),
    options: [
      ['--messages N', msg('probe: maximum number of test messages, up to 100')],
      ['--for TIME', msg('probe: maximum duration such as 90s, up to 180s')],
      ['--again', msg('probe: runs even if one was done within the last 24 hours')],
      ['--read', msg('probe: checks in your mailboxes (envoi.mailboxes) where the messages arrived')],
      ['--yes', msg('probe: does not ask for confirmation')],
      config,
      ['--recipients CSV', msg('with “test direct”: whose mail servers are tried')],
      trusts,
      state,
      json,
    ],
    notes: [
      msg(
        'probe sends only to envoi.testRecipients, and stops at the first rejection that is not about a limit. Ctrl+C ends it.',
      ),
      msg('It finds connections, messages per connection and the rate. Hourly and daily limits are never measured.'),
    ],
  },
  {
    name: 'trust',
    form: '[FOLDER|DOCUMENT]',
    what: msg('lets the envoi.json there name servers, keys and limits'),
    options: [['--yes', msg('does not ask for confirmation')], json],
    notes: [
      msg('Settings next to a document may come from someone else. Until you trust them, they can only set texts.'),
      msg('Only their current version is trusted: after a change you are asked again. --config needs no trust.'),
      msg('A password in the environment is only sent to the host, port and user you first used it with.'),
    ],
  },
  {
    name: 'dkim',
    form: 'init [DOMAIN] [--wait]',
    what: msg('creates the key that signs your mail, and shows the DNS record'),
    options: [['--wait', msg('waits until the record appears in DNS')], config, json],
    notes: [
      msg(
        'The private key is saved where only you can read it, and envoi.dkim in the settings. Rerunning creates nothing new.',
      ),
    ],
  },
  {
    name: 'store',
    form: '[go-on|set-aside]',
    what: msg('checks whether the campaign store is intact, and says what to do if it is not'),
    options: [state, json],
    notes: [
      msg('If the store is damaged or an older copy was restored, nothing is sent until you have decided.'),
      msg(
        'go-on: uses the store as it is, with unfinished campaigns paused. Messages missing from its records may be sent twice.',
      ),
      msg('set-aside: keeps the store under another name and starts with an empty one.'),
    ],
  },
  {
    name: 'suppress',
    form: 'ADDRESS|DOMAIN… | --file LIST | --left-out DOCUMENT',
    what: msg('sends no more mail to these'),
    options: [
      ['--reason WHY', msg('unsubscribed, bounced, complained or blocked (default: blocked)')],
      ['--file LIST', msg('those whom the list’s own columns mark as gone, otherwise everyone on the list')],
      ['--left-out DOCUMENT', msg('those whom the columns of this letter’s lists mark as gone')],
      state,
      json,
    ],
    notes: [msg('A domain means that domain alone; *.example.org means its subdomains.')],
  },
  {
    name: 'unsuppress',
    form: 'ADDRESS|DOMAIN…',
    what: msg('allows mail to these again'),
    options: [state, json],
  },
  {
    name: 'mailbox',
    form: 'read [NAME]  or  list, suppress ID…, dismiss ID…',
    what: msg('reads the bounces, complaints and unsubscribe requests that came back to a mailbox'),
    options: [config, state, json],
    notes: [
      msg('list shows replies, and messages without proof of whom they concern, for you to suppress or dismiss.'),
      msg('Mailboxes are set in envoi.mailboxes, passwords in ENVOI_PASSWORD_<NAME>. Reading changes no flags.'),
    ],
  },
  {
    name: 'unsubscribe',
    form: 'TOKEN…|-  or  --pull',
    what: msg('unsubscribes the readers that the tokens of unsubscribe links belong to'),
    options: [
      ['--pull', msg('fetches what has arrived at the endpoint of envoi.unsubscribe.url since the last time')],
      config,
      state,
      json,
    ],
    notes: [
      msg('A token may be given as the whole link. “-” reads tokens from standard input.'),
      msg('--pull needs the endpoint’s secret in ENVOI_ENDPOINT_SECRET (docs/unsubscribe).'),
    ],
  },
  {
    name: 'unsubscribe-server',
    form: '--store DIR --name LIST [--listen HOST:PORT]',
    what: msg('serves the page behind the unsubscribe link (one-click, RFC 8058); put it behind https'),
    options: [
      ['--store DIR', msg('where the tokens are kept until the engine has read them')],
      ['--name LIST', msg('the list’s name as readers know it')],
      ['--listen HOST:PORT', msg('default: 127.0.0.1:8025')],
      ['--color #RRGGBB', msg('color of the button')],
      ['--cert FILE --key FILE', msg('its own certificate, for a server without a reverse proxy')],
      json,
    ],
    notes: [
      msg('The secret it shares with the engine is in ENVOI_ENDPOINT_SECRET.'),
      msg('It never sees or logs an address.'),
    ],
  },
  {
    name: 'suppressions',
    form: '[undo CAMPAIGN | import|export|sync FILE]',
    what: msg('lists who must not be mailed, and why; undo removes what a campaign’s rejections suppressed'),
    options: [state, json],
    notes: [msg('sync: reads the file, then writes all suppressions to it, for several computers that share it.')],
  },
  {
    name: 'write-back',
    form: 'LIST [--remove | --undo]',
    what: msg('marks in a CSV who must not be mailed; every other byte stays as it is'),
    options: [
      ['--remove', msg('deletes their rows instead')],
      ['--undo', msg('puts the list back as it was, as long as nobody has changed it since')],
      state,
      json,
    ],
    notes: [msg('The previous version of the list is kept next to it until the next time.')],
  },
  {
    name: 'state',
    form: 'export|import FILE',
    what: msg(
      'moves the data that unsubscribe links and bounces need to find their readers, and the suppressions, to another machine',
    ),
    options: [state, json],
    notes: [
      msg('Covers the last 180 days. Imported campaigns can be looked up and reported on, but never sent.'),
      msg('The file contains addresses and the key of your unsubscribe links. Only you can read it.'),
    ],
  },
  {
    name: 'delete',
    form: 'CAMPAIGN [--yes]',
    what: msg('deletes a finished campaign and everything kept about it'),
    options: [['--yes', msg('does not ask for confirmation')], state, json],
    notes: [msg('Its unsubscribe links stop working: keep it for 180 days.')],
  },
  {
    name: 'forget',
    form: 'ADDRESS',
    what: msg('erases a person from all campaigns'),
    options: [state, json],
    notes: [
      msg('If they had unsubscribed or complained, a hash of the address is kept, so they are never mailed again.'),
    ],
  },
];
