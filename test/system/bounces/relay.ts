import type { Keys } from '../internet/keys.ts';
import { hostName } from '../internet/network.ts';
import { ADDRESS } from '../internet/plan.ts';
import { RELAY } from './plan.ts';
import { startEximWith } from './towns.ts';

export const RELAY_USER = 'ada';
export const RELAY_PASSWORD = 'correct horse';

/**
 * Exim as the sender's relay. By the port that takes it a letter keeps what it has, gets the relay's own envelope sender,
 * its own Message-ID, or both. What comes back to the relay's own address it passes on to its customer.
 */
export async function startRelay(folder: string, keys: Keys): Promise<void> {
  const home = `${folder}/relay`;
  const host = hostName('relay');
  const ports = Object.values(RELAY).map((port) => `${ADDRESS.relay}.${port}`);
  const onPorts = (...numbers: number[]) => `\${if inlist{$received_port}{${numbers.join(':')}}`;
  const newId = '<$message_exim_id@relay.mail.example>';
  await startEximWith(
    home,
    `
exim_path = /usr/sbin/exim4
exim_user = letters
exim_group = letters
primary_hostname = ${host}
local_interfaces = <; ${[`${ADDRESS.relay}.25`, ...ports].join(' ; ')}
spool_directory = ${home}/spool
log_file_path = ${home}/log/%slog
keep_environment =
rfc1413_query_timeout = 0s
smtp_accept_queue_per_connection = 0
tls_advertise_hosts = *
tls_certificate = ${keys.certificate}
tls_privatekey = ${keys.keyOfLetters}
acl_smtp_rcpt = check_rcpt
acl_smtp_data = check_data
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}

begin acl
check_rcpt:
  accept authenticated = *
  accept domains = ${host}
         local_parts = bounces
  deny message = relay not permitted
check_data:
  warn condition = ${onPorts(RELAY.rewritesMessageId, RELAY.rewritesBoth)}{yes}{no}}
       remove_header = Message-ID
       add_header = :after_received:Message-ID: ${newId}
  accept

begin routers
customer:
  driver = redirect
  domains = ${host}
  data = ada@letters.example
onward:
  driver = dnslookup
  transport = remote
  no_more

begin transports
remote:
  driver = smtp
  interface = ${ADDRESS.relay}

begin retry

begin rewrite
*@*.example "${onPorts(RELAY.rewritesSender, RELAY.rewritesBoth)}{bounces@${host}}fail}" F

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${RELAY_USER}}}{eq{$auth3}{${RELAY_PASSWORD}}}}}
  server_set_id = $auth2
`,
  );
}
