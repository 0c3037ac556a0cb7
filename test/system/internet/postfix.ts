import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import type { Keys } from './keys.ts';
import { hostName } from './network.ts';
import { ADDRESS, acceptedBy, KNOWN } from './plan.ts';

const SERVICES = [
  'smtp inet n - n - - smtpd',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 discard',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'proxymap unix - - n - - proxymap',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'virtual unix - n n - - virtual',
  'anvil unix - - n - 1 anvil',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Postfix as a mail exchanger with TLS, strict about the sender, that knows its readers. */
export async function startPostfix(folder: string, mail: string, keys: Keys): Promise<void> {
  const home = `${folder}/postfix`;
  for (const place of ['etc', 'spool', 'data', 'log']) await mkdir(`${home}/${place}`, { recursive: true });
  const domains = acceptedBy('postfix').map(({ name }) => name);
  const readers = KNOWN.filter((address) => domains.includes(address.split('@')[1] ?? ''));
  await writeFile(`${home}/etc/readers`, readers.map((address) => `${address} all/\n`).join(''));
  const main = {
    compatibility_level: '3.6',
    queue_directory: `${home}/spool`,
    data_directory: `${home}/data`,
    maillog_file: `${home}/log/maillog`,
    maillog_file_prefixes: folder,
    myhostname: hostName('postfix'),
    mydestination: '',
    mynetworks: '127.0.0.1/32',
    inet_interfaces: `${ADDRESS.postfix}, ${ADDRESS.farPostfix}`,
    inet_protocols: 'ipv4',
    smtpd_helo_required: 'yes',
    smtpd_relay_restrictions: 'reject_non_fqdn_helo_hostname, reject_unknown_sender_domain, reject_unauth_destination',
    smtpd_tls_cert_file: keys.certificate,
    smtpd_tls_key_file: keys.key,
    smtpd_tls_security_level: 'may',
    virtual_mailbox_domains: domains.join(' '),
    virtual_mailbox_maps: `texthash:${home}/etc/readers`,
    virtual_mailbox_base: `${mail}/postfix`,
    virtual_uid_maps: 'static:8025',
    virtual_gid_maps: 'static:8025',
    local_recipient_maps: '',
    alias_maps: '',
  };
  await writeFile(
    `${home}/etc/main.cf`,
    Object.entries(main)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
  );
  await writeFile(`${home}/etc/master.cf`, `${SERVICES.join('\n')}\n`);
  await must('chown', ['-R', 'postfix', `${home}/data`]);
  await must('postfix', ['-c', `${home}/etc`, 'start']);
}
