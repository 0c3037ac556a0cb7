import { mkdir, writeFile } from 'node:fs/promises';
import type { Dovecot } from '../../support/dovecot.ts';
import { hostName } from '../internet/network.ts';
import { ADDRESS } from '../internet/plan.ts';
import { postfixHome, SILENT, startPostfixInstance } from '../internet/postfixInstance.ts';

/** The sender's own mail host: Postfix puts what comes back into the mailbox that Dovecot serves. */
export async function startHome(folder: string, dovecot: Dovecot): Promise<void> {
  const host = { folder, name: 'home' };
  const etc = `${postfixHome(host)}/etc`;
  await mkdir(etc, { recursive: true });
  const addresses = ['ada', 'bounces', 'leave', 'complaints'].map((name) => `${name}@letters.example`);
  await writeFile(`${etc}/mailbox`, [...addresses, '@back.example'].map((each) => `${each} mail/\n`).join(''));
  await startPostfixInstance({
    ...host,
    services: ['smtp inet n - n - - smtpd', SILENT, 'virtual unix - n n - - virtual'],
    main: {
      myhostname: hostName('home'),
      mynetworks: '127.0.0.1/32',
      inet_interfaces: ADDRESS.home,
      recipient_delimiter: '+',
      smtpd_relay_restrictions: 'reject_unauth_destination',
      virtual_mailbox_domains: 'letters.example back.example',
      virtual_mailbox_maps: `texthash:${etc}/mailbox`,
      virtual_mailbox_base: dovecot.folder,
      virtual_minimum_uid: '1',
      virtual_uid_maps: 'static:8',
      virtual_gid_maps: 'static:8',
    },
  });
}
