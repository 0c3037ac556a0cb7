import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Dovecot } from '../../support/dovecot.ts';
import { REPORTS, startPostfixInstance } from '../internet/postfixInstance.ts';

export const MX = '192.0.2.26';
const NAME = 'mx.sender.example';

/** Postfix that asks SPF, DKIM and DMARC of whoever writes to it, and puts what it found on top of each message. */
export async function startReceiver(folder: string, dovecot: Dovecot): Promise<void> {
  const home = `${folder}/postfix`;
  await chmod(folder, 0o755);
  await mkdir(`${home}/etc`, { recursive: true });
  await writeFile(
    `${folder}/opendkim.conf`,
    `Mode v\nSocket inet:8891@127.0.0.1\nAuthservID ${NAME}\nUserID nobody\nNameservers 127.0.0.1\nPidFile ${folder}/opendkim.pid\n`,
  );
  await writeFile(
    `${folder}/opendmarc.conf`,
    `Socket inet:8893@127.0.0.1\nAuthservID ${NAME}\nTrustedAuthservIDs ${NAME}\nUserID nobody\nPidFile ${folder}/opendmarc.pid\n`,
  );
  await writeFile(
    `${folder}/policyd.conf`,
    `Header_Type = AR\nAuthserv_Id = ${NAME}\nHELO_reject = False\nMail_From_reject = False\nskip_addresses = 127.0.0.0/8\n`,
  );
  await writeFile(`${home}/etc/readers`, `${dovecot.user} mail/\n`);
  const main = {
    myhostname: NAME,
    mynetworks: '127.0.0.1/32',
    inet_interfaces: MX,
    smtpd_recipient_restrictions: 'reject_unauth_destination, check_policy_service unix:private/policyd-spf',
    smtpd_milters: 'inet:127.0.0.1:8891, inet:127.0.0.1:8893',
    virtual_mailbox_domains: 'sender.example',
    virtual_mailbox_maps: `texthash:${home}/etc/readers`,
    virtual_mailbox_base: dovecot.folder,
    virtual_minimum_uid: '1',
    virtual_uid_maps: 'static:8',
    virtual_gid_maps: 'static:8',
  };
  const policyd = `policyd-spf unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf ${folder}/policyd.conf`;
  spawn('opendkim', ['-f', '-x', `${folder}/opendkim.conf`], { stdio: 'ignore' });
  spawn('opendmarc', ['-f', '-c', `${folder}/opendmarc.conf`], { stdio: 'ignore' });
  for (const port of [8891, 8893]) await listening('127.0.0.1', port);
  const services = [`${MX}:25 inet n - n - - smtpd`, ...REPORTS, 'virtual unix - n n - - virtual', policyd];
  await startPostfixInstance({ folder, name: 'postfix', services, main });
  await listening(MX, 25);
}

/** Ends when the port takes connections; whoever waits for all of this has a limit. */
async function listening(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      socket.destroy();
    }
  }
}
