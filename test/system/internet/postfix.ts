import { mkdir, writeFile } from 'node:fs/promises';
import type { Keys } from './keys.ts';
import { hostName } from './network.ts';
import { ADDRESS, acceptedBy, KNOWN } from './plan.ts';
import { SILENT, startPostfixInstance } from './postfixInstance.ts';

/** Postfix as a mail exchanger with TLS, strict about the sender, that knows its readers. */
export async function startPostfix(folder: string, mail: string, keys: Keys): Promise<void> {
  const home = `${folder}/postfix`;
  await mkdir(`${home}/etc`, { recursive: true });
  const domains = acceptedBy('postfix').map(({ name }) => name);
  const readers = KNOWN.filter((address) => domains.includes(address.split('@')[1] ?? ''));
  await writeFile(`${home}/etc/readers`, readers.map((address) => `${address} all/\n`).join(''));
  const main = {
    myhostname: hostName('postfix'),
    mynetworks: '127.0.0.1/32',
    inet_interfaces: `${ADDRESS.postfix}, ${ADDRESS.farPostfix}`,
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
  };
  const services = ['smtp inet n - n - - smtpd', SILENT, 'virtual unix - n n - - virtual'];
  await startPostfixInstance({ folder, name: 'postfix', services, main });
}
