import { spawn } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { hostName } from './network.ts';
import { ADDRESS, acceptedBy, KNOWN } from './plan.ts';

/** OpenSMTPD as a mail exchanger without TLS. */
export async function startOpenSmtpd(folder: string, mail: string): Promise<void> {
  const home = `${folder}/opensmtpd`;
  await mkdir(home, { recursive: true });
  await mkdir('/var/spool/smtpd', { recursive: true });
  await must('chmod', ['711', '/var/spool/smtpd']);
  const domains = acceptedBy('opensmtpd').map(({ name }) => name);
  const readers = KNOWN.filter((address) => domains.includes(address.split('@')[1] ?? ''));
  await writeFile(`${home}/readers`, `${readers.join('\n')}\n`);
  const config = `
table readers file:${home}/readers
listen on ${ADDRESS.opensmtpd} port 25 hostname ${hostName('opensmtpd')}
action store maildir "${mail}/opensmtpd/all" virtual { "@" = letters }
match from any for domain { ${domains.map((name) => `"${name}"`).join(', ')} } rcpt-to <readers> action store
`;
  await writeFile(`${home}/smtpd.conf`, config);
  const log = await open(`${home}/log`, 'a');
  spawn('/usr/sbin/smtpd', ['-d', '-f', `${home}/smtpd.conf`], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
}
