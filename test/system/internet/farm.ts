import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { must, run } from '../../../scripts/lib/run.ts';
import { ADDRESS } from './plan.ts';
import { postfixHome, SILENT, startPostfixInstance } from './postfixInstance.ts';

export const FARM = ['mta1', 'mta2', 'mta3'] as const;

const home = (folder: string, name: string) => postfixHome({ folder, name: `farm-${name}` });

/** Three Postfixes that pass mail on for the sender, each with a queue of its own. */
export async function startFarm(folder: string): Promise<void> {
  for (const name of FARM) {
    const main = {
      myhostname: `${name}.mail.example`,
      mynetworks: '10.77.0.0/16',
      inet_interfaces: ADDRESS[name],
      smtp_bind_address: ADDRESS[name],
      smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination',
      transport_maps: 'inline:{letters.example=discard:}',
    };
    const services = [
      'smtp inet n - n - - smtpd',
      SILENT,
      'smtp unix - - n - - smtp',
      'discard unix - - n - - discard',
    ];
    await startPostfixInstance({ folder, name: `farm-${name}`, services, main });
  }
}

/** Waits until it has taken so many messages, as its log says; whoever waits for all of this has a limit. */
export async function hasTaken(folder: string, name: (typeof FARM)[number], many: number): Promise<void> {
  const log = `${home(folder, name)}/log/maillog`;
  for (;;) {
    const taken = (await readFile(log, 'utf8').catch(() => '')).match(/ postfix\/cleanup\[\d+\]: \w+: message-id=/g);
    if ((taken?.length ?? 0) >= many) return;
    await setTimeout(50);
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
