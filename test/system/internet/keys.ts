import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { hostName } from './network.ts';

export interface Keys {
  /** The authority whose signature the sender trusts. */
  ca: string;
  certificate: string;
  /** The certificate's key for programs that read it as root, and for those that read it as their own user. */
  key: string;
  keyOfLetters: string;
}

/** One authority and one certificate for all hosts of the little internet. */
export async function makeKeys(folder: string): Promise<Keys> {
  const home = `${folder}/keys`;
  await mkdir(home, { recursive: true });
  const openssl = (line: string[]) => must('openssl', line);
  const [ca, caKey, certificate, key, request] = ['ca.pem', 'ca.key', 'mail.pem', 'mail.key', 'mail.csr'].map(
    (name) => `${home}/${name}`,
  ) as [string, string, string, string, string];
  // OpenSMTPD of Debian 12 fails with elliptic keys.
  const rsa = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(['req', '-x509', ...rsa, '-keyout', caKey, '-out', ca, '-days', '2', '-subj', '/CN=Little Internet']);
  await openssl(['req', ...rsa, '-keyout', key, '-out', request, '-subj', `/CN=${hostName('relay')}`]);
  const names = ['relay', 'postfix', 'exim', 'opensmtpd', 'farPostfix'].map((name) => `DNS:${hostName(name)}`);
  await writeFile(`${home}/names`, `subjectAltName=${names.join(',')}\n`);
  const sign = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', `${home}/names`];
  await openssl(['x509', '-req', '-in', request, '-out', certificate, ...sign]);
  const keyOfLetters = `${home}/letters.key`;
  await must('install', ['-m', '600', '-o', 'letters', key, keyOfLetters]);
  await must('chmod', ['600', key]);
  return { ca, certificate, key, keyOfLetters };
}
