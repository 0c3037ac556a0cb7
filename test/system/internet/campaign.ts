import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import Papa from 'papaparse';
import { must, run } from '../../../scripts/lib/run.ts';
import { RELAY_PASSWORD, RELAY_USER } from './exim.ts';
import { FARM, hasTaken, killMember, reviveMember } from './farm.ts';
import type { Keys } from './keys.ts';
import { closeFarNetwork, hostName, SENDER } from './network.ts';
import { acceptedBy, DOMAINS, KNOWN, ROWS, type Software } from './plan.ts';
import { messagesByBdat } from './serverLogs.ts';

export interface Scenario {
  name: string;
  route: readonly (string | readonly string[])[];
  /** Messages the relay takes in an hour. */
  relayQuota?: number;
  /** The sender cannot reach the far network. */
  farClosed?: boolean;
  /** Dies while it is being sent, and comes back afterwards. */
  dies?: (typeof FARM)[number];
  /** By BDAT, four unanswered on a connection: to Postfix for the domains it alone accepts, to the relay for the others. */
  whole?: boolean;
}

export interface DomainResult {
  domain: string;
  about: string;
  rows: number;
  /** Deliveries by state and transport, such as `sent direct`. */
  states: Record<string, number>;
  /** Messages found in the mailboxes, by software. */
  stored: Partial<Record<Software, number>>;
}

export interface ScenarioResult {
  name: string;
  exitCode: number;
  seconds: number;
  domains: DomainResult[];
  /** Addresses of which more than one message was taken from the sender; known ones without any; unknown ones with one. */
  twice: string[];
  lost: string[];
  strangers: string[];
  /** Messages that came by BDAT in all scenarios up to this one, by the servers' own logs. */
  byBdat: { postfix: number; exim: number };
  output: string;
}

const SOFTWARE: readonly Software[] = ['postfix', 'exim', 'opensmtpd'];
const SETTLE_MS = 60_000;
/** Of some three hundred that each of the farm would take. */
const MANY = 60;

/** Sends the whole list once, with the command line in the sender's namespace, and reads every mailbox afterwards. */
export async function runScenario(
  scenario: Scenario,
  places: { folder: string; mail: string; cli: string; keys: Keys },
): Promise<ScenarioResult> {
  const home = `${places.folder}/${scenario.name.replace(/\W+/g, '-')}`;
  await mkdir(home, { recursive: true });
  await emptyMailboxes(places.mail);
  await writeFile(`${home}/letter.md`, LETTER);
  await writeFile(`${home}/list.csv`, `email,first_name\n${ROWS.map(({ address }) => `${address},Ada\n`).join('')}`);
  await writeFile(`${home}/settings.json`, JSON.stringify(settingsOf(scenario, places.keys), null, 2));
  if (scenario.farClosed) await closeFarNetwork(true);
  const started = performance.now();
  const dying = scenario.dies ? dieMeanwhile(places.folder, scenario.dies) : undefined;
  const sent = await envoi(places.cli, home, [
    'send',
    'letter.md',
    '--config',
    'settings.json',
    '--trust',
    '--yes',
    '--json',
  ]);
  const seconds = (performance.now() - started) / 1000;
  await dying?.done();
  if (scenario.farClosed) await closeFarNetwork(false);
  const campaign = /"campaign":\s*"([^"]+)"/.exec(sent.output)?.[1];
  if (!campaign) throw new Error(`envoi send named no campaign.\n${sent.output}`);
  await envoi(places.cli, home, ['report', campaign, '--csv', 'report.csv']);
  const report = csvRows(await readFile(`${home}/report.csv`, 'utf8'));
  const stored = await settledMailboxes(places.mail, places.folder);
  const byBdat = await messagesByBdat(places.folder);
  return {
    ...compare(scenario, report, stored),
    byBdat,
    exitCode: sent.code,
    seconds,
    output: sent.output.slice(-2000),
  };
}

function settingsOf(scenario: Scenario, keys: Keys): Record<string, unknown> {
  return {
    'envoi.from': 'Ada <ada@letters.example>',
    'envoi.unsubscribe': { mailto: 'leave@letters.example' },
    'envoi.postalAddress': '1 Letter Lane',
    'envoi.servers': {
      relay: {
        host: hostName('relay'),
        port: 587,
        security: 'starttls',
        user: RELAY_USER,
        auth: 'password',
        caFile: keys.ca,
        maxConnections: 4,
        ...(scenario.whole ? { pipelineDepth: 4 } : {}),
        ...(scenario.relayQuota ? { quota: [`${scenario.relayQuota}/hour`] } : {}),
      },
      mx: { host: hostName('postfix'), port: 25, security: 'none', auth: 'none', pipelineDepth: 4 },
      ...Object.fromEntries(
        FARM.map((name) => [
          name,
          { host: hostName(name), port: 25, security: 'none', auth: 'none', rate: '40/second' },
        ]),
      ),
    },
    ...(scenario.whole
      ? { 'envoi.domainRoutes': Object.fromEntries(ONLY_POSTFIX.map((domain) => [domain, ['mx']])) }
      : {}),
    'envoi.direct': { hello: 'sender.mail.example' },
    'envoi.route': scenario.route,
    'envoi.whenQuotaReached': 'next',
  };
}

/** Kills one of the farm when it has taken a good many, and brings it back once the campaign is over. */
function dieMeanwhile(folder: string, name: (typeof FARM)[number]) {
  const died = hasTaken(folder, name, MANY).then(() => killMember(folder, name));
  return { done: () => died.then(() => reviveMember(folder, name)) };
}

/** Whose mail Postfix takes, and nobody else. */
export const ONLY_POSTFIX = acceptedBy('postfix')
  .filter(({ at, name }) => at.length === 1 && name !== 'island.example')
  .map(({ name }) => name);

const LETTER = '---\nsubject: Hello {{ first_name }}\nrecipients: list.csv\n---\n# Hello {{ first_name }}\n\nNews.\n';

/** The bundle as a visitor runs it, on the sender's machine. Private addresses are allowed by the laboratory variable. */
async function envoi(cli: string, cwd: string, args: readonly string[]) {
  const env = { ...process.env, ENVOI_PASSWORD_RELAY: RELAY_PASSWORD, ENVOI_LAB_ADDRESSES: '10.77.0.0/16' };
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', cli, ...args, '--state', `${cwd}/state`];
  return run('ip', ['netns', 'exec', SENDER, ...node], { cwd, env });
}

async function emptyMailboxes(mail: string): Promise<void> {
  for (const software of SOFTWARE) {
    await rm(`${mail}/${software}/all`, { recursive: true, force: true });
    await must('install', ['-d', '-o', 'letters', '-g', 'letters', `${mail}/${software}`]);
  }
}

/** `taken`: where and when the first server took it from the sender, which is the same in all that it made of it. */
type Stored = { address: string; software: Software; taken: string }[];

/** Waits until every reader has a message, then until the relay has passed on what it still holds. */
async function settledMailboxes(mail: string, folder: string): Promise<Stored> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const found = new Set((await readMailboxes(mail)).map(({ address }) => address));
    if (KNOWN.every((address) => found.has(address)) || Date.now() > deadline) break;
    await setTimeout(250);
  }
  await must('/usr/sbin/exim4', ['-C', `${folder}/exim/exim.conf`, '-q']);
  return readMailboxes(mail);
}

async function readMailboxes(mail: string): Promise<Stored> {
  const stored: Stored = [];
  for (const software of SOFTWARE) {
    const folder = `${mail}/${software}/all/new`;
    for (const name of await readdir(folder).catch(() => [])) {
      const head = (await readFile(`${folder}/${name}`, 'utf8')).split(/\r?\n\r?\n/)[0] ?? '';
      const to = /^To: (?:.*<)?([^<>\s]+@[^<>\s]+?)>?\r?$/m.exec(head)?.[1];
      const hops = head.replace(/\r?\n[ \t]+/g, ' ').match(/^Received: .*/gm);
      stored.push({ address: to ?? `unreadable ${name}`, software, taken: hops?.at(-1) ?? name });
    }
  }
  return stored;
}

type Report = Record<string, string>[];

function compare(scenario: Scenario, report: Report, stored: Stored) {
  // A relay that was killed and came back may pass on twice what it took once: that is its own doing.
  const copies = new Map<string, Set<string>>();
  for (const { address, taken } of stored) copies.set(address, (copies.get(address) ?? new Set()).add(taken));
  const known = new Set(KNOWN);
  const domains = DOMAINS.map(({ name, about }): DomainResult => {
    const inDomain = (address: string) => address.endsWith(`@${name}`);
    const result: DomainResult = { domain: name, about, rows: 0, states: {}, stored: {} };
    for (const { address = '', state = '', transport = '' } of report) {
      if (!inDomain(address)) continue;
      result.rows++;
      const key = state === 'sent' ? `sent ${transport}` : state;
      result.states[key] = (result.states[key] ?? 0) + 1;
    }
    for (const { address, software } of stored)
      if (inDomain(address)) result.stored[software] = (result.stored[software] ?? 0) + 1;
    return result;
  });
  return {
    name: scenario.name,
    domains,
    twice: [...copies].filter(([, taken]) => taken.size > 1).map(([address]) => address),
    lost: [...known].filter((address) => !copies.has(address)),
    strangers: [...copies.keys()].filter((address) => !known.has(address)),
  };
}

function csvRows(text: string): Report {
  return Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data;
}
