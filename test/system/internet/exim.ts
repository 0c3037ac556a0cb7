import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import type { Keys } from './keys.ts';
import { hostName } from './network.ts';
import { ADDRESS, acceptedBy, KNOWN } from './plan.ts';

export const RELAY_USER = 'ada';
export const RELAY_PASSWORD = 'correct horse';

/**
 * Exim as a mail exchanger that looks up every recipient and stores what it takes in one maildir; and as the relay: port
 * 587, sign-in only after STARTTLS, mail to anywhere for those who signed in.
 */
export async function startExim(folder: string, mail: string, keys: Keys): Promise<void> {
  const home = `${folder}/exim`;
  for (const place of ['spool', 'log']) await mkdir(`${home}/${place}`, { recursive: true });
  const domains = acceptedBy('exim').map(({ name }) => name);
  const readers = KNOWN.filter((address) => domains.includes(address.split('@')[1] ?? ''));
  await writeFile(`${home}/readers`, readers.map((address) => `${address}: yes\n`).join(''));
  const config = `
exim_path = /usr/sbin/exim4
exim_user = letters
exim_group = letters
primary_hostname = ${hostName('exim')}
local_interfaces = <; ${ADDRESS.exim}.25 ; ${ADDRESS.relay}.587
spool_directory = ${home}/spool
log_file_path = ${home}/log/%slog
keep_environment =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = ${keys.certificate}
tls_privatekey = ${keys.keyOfLetters}
smtp_accept_max = 100
smtp_accept_max_per_host = 20
smtp_accept_queue_per_connection = 0
domainlist here = ${domains.join(' : ')}
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}

begin acl
check_rcpt:
  accept authenticated = *
  deny domains = !+here
       message = relay not permitted
  deny condition = \${if !eq{\${lookup{$local_part@$domain}lsearch{${home}/readers}}}{yes}}
       message = 5.1.1 no such reader here
  accept

begin routers
onward:
  driver = dnslookup
  domains = !+here
  transport = remote
  no_more
all:
  driver = accept
  transport = store

begin transports
store:
  driver = appendfile
  directory = ${mail}/exim/all
  maildir_format
  create_directory
  envelope_to_add
  user = letters
  group = letters

remote:
  driver = smtp

begin retry
* * F,1h,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${RELAY_USER}}}{eq{$auth3}{${RELAY_PASSWORD}}}}}
  server_set_id = $auth2
`;
  await writeFile(`${home}/exim.conf`, config);
  await must('chown', ['-R', 'letters', home]);
  await must('chown', ['root', `${home}/exim.conf`]);
  spawn('/usr/sbin/exim4', ['-C', `${home}/exim.conf`, '-bdf', '-q1m'], { stdio: 'ignore' });
}
