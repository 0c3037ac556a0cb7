// Runs as the first process of a network, mount and process namespace of its own; all of it is gone when this ends.
//   inside.ts FOLDER PACKAGES CLI

import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { answering } from './answering.ts';
import { runScenario, type Scenario } from './campaign.ts';
import { endWith } from './endWith.ts';
import { startExim } from './exim.ts';
import { FARM, startFarm } from './farm.ts';
import { makeKeys } from './keys.ts';
import { makeMachine } from './machine.ts';
import { layNetwork, startDns } from './network.ts';
import { startOpenSmtpd } from './opensmtpd.ts';
import { ADDRESS } from './plan.ts';
import { startPostfix } from './postfix.ts';

const SCENARIOS: readonly Scenario[] = [
  { name: 'direct', route: ['direct'] },
  { name: 'relay with 300 an hour, direct as backup', route: ['relay', 'direct'], relayQuota: 300 },
  { name: 'direct with one network closed, relay as backup', route: ['direct', 'relay'], farClosed: true },
  { name: 'whole messages by BDAT, four unanswered', route: ['relay'], whole: true },
  { name: 'three relays side by side, one of them killed', route: [FARM], dies: 'mta2' },
];

async function main(folder: string, packages: string, cli: string): Promise<void> {
  await makeMachine(folder, packages);
  await layNetwork();
  await startDns(folder);
  const keys = await makeKeys(folder);
  const mail = `${folder}/mail`;
  await mkdir(mail, { recursive: true });
  for (const place of [folder, mail]) await must('chmod', ['755', place]);
  await Promise.all([startPostfix(folder, mail, keys), startExim(folder, mail, keys), startOpenSmtpd(folder, mail)]);
  await startFarm(folder);
  const { postfix, exim, opensmtpd, relay, farPostfix } = ADDRESS;
  await Promise.all([postfix, exim, opensmtpd, farPostfix].map((address) => answering(address, 25)));
  await answering(relay, 587);
  await Promise.all(FARM.map((name) => answering(ADDRESS[name], 25)));
  const results = [];
  for (const scenario of SCENARIOS) results.push(await runScenario(scenario, { folder, mail, cli, keys }));
  await writeFile(`${folder}/results.json`, JSON.stringify(results, null, 2));
}

const [folder = '', packages = '', cli = ''] = process.argv.slice(2);
endWith(main(folder, packages, cli));
