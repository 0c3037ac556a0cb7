import { mkdir, writeFile } from 'node:fs/promises';
import { must, run } from '../../../scripts/lib/run.ts';
import { ADDRESS } from './plan.ts';

export const FARM = ['mta1', 'mta2', 'mta3'] as const;

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
  'smtp unix - - n - - smtp',
  'discard unix - - n - - discard',
  'anvil unix - - n - 1 anvil',
  'postlog unix-dgram n - n - 1 postlogd',
];

const home = (folder: string, name: string) => `${folder}/farm-${name}`;

/** Three Postfixes that pass mail on for the sender, each with a queue of its own. */
export async function startFarm(folder: string): Promise<void> {
  for (const name of FARM) {
    const at = home(folder, name);
    for (const place of ['etc', 'spool', 'data', 'log']) await mkdir(`${at}/${place}`, { recursive: true });
    const main = {
      compatibility_level: '3.6',
      queue_directory: `${at}/spool`,
      data_directory: `${at}/data`,
      maillog_file: `${at}/log/maillog`,
      maillog_file_prefixes: folder,
      myhostname: `${name}.mail.example`,
      mydestination: '',
      mynetworks: '10.77.0.0/16',
      inet_interfaces: ADDRESS[name],
      inet_protocols: 'ipv4',
      smtp_bind_address: ADDRESS[name],
      smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
      local_recipient_maps: '',
      alias_maps: '',
      transport_maps: 'inline:{letters.example=discard:}',
    };
    const lines = Object.entries(main).map(([key, value]) => `${key} = ${value}\n`);
    await writeFile(`${at}/etc/main.cf`, lines.join(''));
    await writeFile(`${at}/etc/master.cf`, `${SERVICES.join('\n')}\n`);
    await must('chown', ['-R', 'postfix', `${at}/data`]);
    await must('postfix', ['-c', `${at}/etc`, 'start']);
  }
}

/** As if its machine had lost its power. */
export async function killMember(folder: string, name: (typeof FARM)[number]): Promise<void> {
  const pid = (await must('sh', ['-c', `cat ${home(folder, name)}/spool/pid/master.pid`])).trim();
  await run('pkill', ['-9', '-P', pid]);
  await must('kill', ['-9', pid]);
}

/** It comes back, and passes on what it had taken. */
export async function reviveMember(folder: string, name: (typeof FARM)[number]): Promise<void> {
  await must('postfix', ['-c', `${home(folder, name)}/etc`, 'start']);
  await run('postqueue', ['-c', `${home(folder, name)}/etc`, '-f']);
}
