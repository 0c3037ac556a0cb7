import { spawn } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { hostName } from '../internet/network.ts';
import { ADDRESS } from '../internet/plan.ts';
import { postfixHome, REPORTS, startPostfixInstance } from '../internet/postfixInstance.ts';

/** What the mailbox of `full` may hold, in octets. */
const ROOM = 500_000;

/**
 * Postfix: `gone` is refused at once, of `dead` it learns only when it delivers, and the mbox of `full` is within a
 * hundred octets of its limit. A second domain is what OpenSMTPD passes on to it.
 */
export async function startPine(folder: string, mail: string): Promise<void> {
  const town = { folder, name: 'pine' };
  const home = postfixHome(town);
  await mkdir(`${home}/etc`, { recursive: true });
  const readers = ['calm', 'away', 'angry', 'leaver', 'writer'].map((name) => `${name}@pine.example all/\n`);
  await writeFile(`${home}/etc/readers`, `${readers.join('')}full@pine.example full\n`);
  const refused = [
    'gone@pine.example 550 5.1.1 No such user here',
    'dead@oak.example 550 5.1.1 <dead@oak.example>: Recipient address rejected: User unknown in local recipient table',
    'full@oak.example 552 5.2.2 <full@oak.example>: Mailbox full',
  ];
  await writeFile(`${home}/etc/refused`, `${refused.join('\n')}\n`);
  await mkdir(`${mail}/postfix`, { recursive: true });
  await writeFile(`${mail}/postfix/full`, 'x'.repeat(ROOM - 100));
  await must('chown', ['-R', 'letters:letters', `${mail}/postfix`]);
  await startPostfixInstance({
    ...town,
    services: ['smtp inet n - n - - smtpd', ...REPORTS, 'virtual unix - n n - - virtual'],
    main: {
      myhostname: hostName('postfix'),
      mynetworks: ADDRESS.internet,
      inet_interfaces: ADDRESS.postfix,
      smtp_bind_address: ADDRESS.postfix,
      message_size_limit: '400000',
      virtual_mailbox_limit: String(ROOM),
      smtpd_reject_unlisted_recipient: 'no',
      smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
      smtpd_recipient_restrictions: `check_recipient_access texthash:${home}/etc/refused`,
      virtual_mailbox_domains: 'pine.example oak.example',
      virtual_mailbox_maps: `texthash:${home}/etc/readers`,
      virtual_mailbox_base: `${mail}/postfix`,
      virtual_uid_maps: 'static:8025',
      virtual_gid_maps: 'static:8025',
    },
  });
}

/** Exim: answers for `away` itself, with its autoreply; `full` has a quota of one octet. */
export async function startElm(folder: string, mail: string): Promise<void> {
  const home = `${folder}/elm`;
  for (const place of ['spool', 'log']) await mkdir(`${home}/${place}`, { recursive: true });
  const config = `
exim_path = /usr/sbin/exim4
exim_user = letters
exim_group = letters
primary_hostname = ${hostName('exim')}
local_interfaces = ${ADDRESS.exim}.25
spool_directory = ${home}/spool
log_file_path = ${home}/log/%slog
keep_environment =
rfc1413_query_timeout = 0s
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept

begin acl
check_rcpt:
  deny local_parts = gone
       message = 5.1.1 no such reader here
  accept domains = elm.example
  accept hosts = ${ADDRESS.internet}
  deny message = relay not permitted

begin routers
onward:
  driver = dnslookup
  domains = !elm.example
  transport = remote
  no_more
answers:
  driver = accept
  local_parts = away
  senders = ! ^.*-request@.*
  transport = answer
  unseen
full:
  driver = accept
  local_parts = full
  transport = full
readers:
  driver = accept
  local_parts = calm : away : angry : leaver : writer
  transport = store

begin transports
store:
  driver = appendfile
  directory = ${mail}/exim/all
  maildir_format
  create_directory
  user = letters
full:
  driver = appendfile
  directory = ${mail}/exim/full
  maildir_format
  create_directory
  quota = 1
  mode_fail_narrower = false
  user = letters
answer:
  driver = autoreply
  from = away@elm.example
  to = $return_path
  subject = "Out of office: $h_subject:"
  text = "I am away until Monday.\\n"
  user = letters
remote:
  driver = smtp
  interface = ${ADDRESS.exim}

begin retry
`;
  await must('install', ['-d', '-o', 'letters', '-g', 'letters', `${mail}/exim`]);
  await startEximWith(home, config);
}

export async function startEximWith(home: string, config: string): Promise<void> {
  for (const place of ['spool', 'log']) await mkdir(`${home}/${place}`, { recursive: true });
  await writeFile(`${home}/exim.conf`, config);
  await must('chown', ['-R', 'letters', home]);
  await must('chown', ['root', `${home}/exim.conf`]);
  const log = await open(`${home}/errors`, 'a');
  spawn('/usr/sbin/exim4', ['-C', `${home}/exim.conf`, '-bdf', '-q1m'], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
}

/** OpenSMTPD: knows its readers, and passes on to another host what is for `dead` and `full`, who are refused there. */
export async function startOak(folder: string, mail: string): Promise<void> {
  const home = `${folder}/oak`;
  await mkdir(home, { recursive: true });
  await mkdir('/var/spool/smtpd', { recursive: true });
  await must('chmod', ['711', '/var/spool/smtpd']);
  await must('install', ['-d', '-o', 'letters', '-g', 'letters', `${mail}/opensmtpd`]);
  const readers = ['calm', 'away', 'angry', 'leaver', 'writer'].map((name) => `${name}@oak.example`);
  await writeFile(`${home}/readers`, `${readers.join('\n')}\n`);
  const config = `
table readers file:${home}/readers
listen on ${ADDRESS.opensmtpd} port 25 hostname ${hostName('opensmtpd')}
action store maildir "${mail}/opensmtpd/all" virtual { "@" = letters }
action behind relay host smtp://${ADDRESS.postfix}:25 src ${ADDRESS.opensmtpd}
action onward relay src ${ADDRESS.opensmtpd}
match from any for domain "oak.example" rcpt-to <readers> action store
match from any for domain "oak.example" rcpt-to { "dead@oak.example", "full@oak.example" } action behind
match from local for domain { "letters.example", "back.example", "${hostName('relay')}" } action onward
`;
  await writeFile(`${home}/smtpd.conf`, config);
  const log = await open(`${home}/log`, 'a');
  spawn('/usr/sbin/smtpd', ['-d', '-f', `${home}/smtpd.conf`], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
}
