import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';

/**
 * Makes this private mount namespace a machine of its own: what is written to /usr, /etc and /var from here on lands in
 * memory and is gone with the namespace. Then the mail servers' packages and users are put there.
 */
export async function makeMachine(folder: string, packages: string): Promise<void> {
  const upper = `${folder}/upper`;
  await mkdir(upper, { recursive: true });
  await must('mount', ['-t', 'tmpfs', 'tmpfs', upper]);
  for (const place of ['usr', 'etc', 'var']) {
    const [written, work] = [`${upper}/${place}`, `${upper}/${place}.work`];
    await mkdir(written);
    await mkdir(work);
    const layers = `lowerdir=/${place},upperdir=${written},workdir=${work}`;
    await must('mount', ['-t', 'overlay', 'overlay', '-o', layers, `/${place}`]);
  }
  // The sockets of servers lie there: two such machines side by side are not one.
  await must('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
  // It may be a link to a file of the outer machine.
  await rm('/etc/resolv.conf', { force: true });
  await unpack(packages, `${folder}/unpacked`);
  const nobody = ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  const groups = await must('getent', ['group']);
  const users = await must('getent', ['passwd']);
  if (!/^postdrop:/m.test(groups)) await must('groupadd', ['--system', 'postdrop']);
  for (const user of ['postfix', 'opensmtpd', 'opensmtpq', 'Debian-exim'])
    if (!new RegExp(`^${user}:`, 'm').test(users)) await must('useradd', [...nobody, '--user-group', user]);
  await must('useradd', [...nobody, '--uid', '8025', '--user-group', 'letters']);
  if (existsSync('/usr/sbin/smtpctl')) {
    await must('chgrp', ['opensmtpq', '/usr/sbin/smtpctl']);
    await must('chmod', ['2755', '/usr/sbin/smtpctl']);
  }
  await writeFile('/etc/mailname', 'internet.mail.example\n');
}

/** The packages' files, without their scripts: three mail servers side by side, which apt would not install. */
async function unpack(packages: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = (await readdir(packages)).filter((name) => name.endsWith('.deb'));
  for (const file of files) await must('dpkg', ['-x', `${packages}/${file}`, folder]);
  const homes = { usr: '/usr', etc: '/etc', var: '/var', lib: '/usr/lib', bin: '/usr/bin', sbin: '/usr/sbin' };
  for (const [place, home] of Object.entries(homes))
    if (existsSync(`${folder}/${place}`))
      await must('cp', ['-a', '--remove-destination', `${folder}/${place}/.`, home]);
  if (existsSync('/usr/sbin/smtpd') && !existsSync('/usr/libexec/opensmtpd')) {
    const built = (await must('sh', ['-c', 'ls -d /usr/lib/*/opensmtpd'])).trim();
    await mkdir('/usr/libexec', { recursive: true });
    await must('ln', ['-s', built, '/usr/libexec/opensmtpd']);
  }
  await must('ldconfig', []);
}
