// Runs as the first process of namespaces of its own: Postfix with its own limits, and Envoi that tests it at length.
//   inside.ts FOLDER PACKAGES
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { jsonLines, runCli } from '../../main/runCli.ts';
import { answering } from '../internet/answering.ts';
import { makeMachine } from '../internet/machine.ts';
import { SILENT, startPostfixInstance } from '../internet/postfixInstance.ts';
import { addressOf, type LimitedPostfix, POSTFIXES, TESTER, UNIT_SECONDS } from './limits.ts';

const [folder = '', packages = ''] = process.argv.slice(2);

/** One with a name of its own each, in one Postfix: anvil counts by service and client. */
async function startPostfixes(): Promise<void> {
  const services = POSTFIXES.map(({ limits }, index) => {
    const options = Object.entries(limits).map(([key, value]) => ` -o ${key}=${value}`);
    return `${addressOf(index)}:25 inet n - n - - smtpd${options.join('')}`;
  });
  const main = {
    myhostname: 'mail.office.example',
    mynetworks: '127.0.0.0/8',
    // Else what is in mynetworks has no limits.
    smtpd_client_event_limit_exceptions: '',
    anvil_rate_time_unit: `${UNIT_SECONDS}s`,
    virtual_mailbox_domains: 'post.example',
    virtual_transport: 'discard:',
  };
  const discard = 'discard unix - - n - - discard';
  await startPostfixInstance({ folder, name: 'postfix', services: [...services, SILENT, discard], main });
}

async function probe({ name, messages }: LimitedPostfix, index: number): Promise<object> {
  const sandbox = `${folder}/${name}`;
  await mkdir(sandbox);
  const office = { host: addressOf(index), port: 25, security: 'none', auth: 'none' };
  const settings = {
    'envoi.from': 'News <news@sender.example>',
    'envoi.servers': { office },
    'envoi.route': ['office'],
    'envoi.testRecipients': [TESTER],
  };
  await writeFile(`${sandbox}/envoi.json`, JSON.stringify(settings));
  const words = `servers probe office --yes --json --messages ${messages} --trust --state ${sandbox}/state`;
  const env = { XDG_STATE_HOME: `${sandbox}/person` };
  const { code, stdout, stderr } = await runCli(words.split(' '), { cwd: sandbox, env });
  return { name, code, probe: jsonLines(stdout).find(({ event }) => event === 'probe'), stderr };
}

await makeMachine(folder, packages);
await must('ip', ['link', 'set', 'lo', 'up']);
await chmod(folder, 0o755);
await startPostfixes();
// They answer all at once; asking one that counts connections would count.
await answering(addressOf(0), 25);
const results = await Promise.all(POSTFIXES.map(probe));
await writeFile(`${folder}/results.json`, JSON.stringify(results));
process.exit(0);
