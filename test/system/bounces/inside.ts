// Runs as the first process of namespaces of its own; all of it is gone when this ends.
//   inside.ts FOLDER PACKAGES CLI
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { must, run } from '../../../scripts/lib/run.ts';
import { jsonLines } from '../../main/runCli.ts';
import { Dovecot } from '../../support/dovecot.ts';
import { answering } from '../internet/answering.ts';
import { endWith } from '../internet/endWith.ts';
import { type Keys, makeKeys } from '../internet/keys.ts';
import { makeMachine } from '../internet/machine.ts';
import { hostName, layNetwork, SENDER, startDns } from '../internet/network.ts';
import { ADDRESS } from '../internet/plan.ts';
import { startHome } from './home.ts';
import { comesBack, MAIL_DOMAINS, REACHED, READERS, RELAY, SENDINGS, type Sending, TOWNS } from './plan.ts';
import { answer, lettersIn } from './readers.ts';
import { RELAY_PASSWORD, RELAY_USER, startRelay } from './relay.ts';
import { startElm, startOak, startPine } from './towns.ts';

/** What Envoi made of what came back of one sending, by its own words. */
export interface Outcome {
  name: string;
  sent: number;
  first: Record<string, unknown> | undefined;
  again: Record<string, unknown> | undefined;
  suppressed: [entry: string, reason: string][];
  report: string;
  output: string;
}

/** Longer than two of Exim's queue runs: whatever one of them has to pick up is not lost. */
const ARRIVE_MS = 150_000;
const LETTER = '---\nsubject: News\nrecipients: list.csv\n---\n# Hello\n\nNews.\n';
const LIST = `email\n${TOWNS.flatMap(({ name }) => READERS.map((reader) => `${reader}@${name}\n`)).join('')}`;

async function main(folder: string, packages: string, cli: string): Promise<void> {
  await makeMachine(folder, packages);
  await layNetwork();
  await startDns(folder, MAIL_DOMAINS);
  const keys = await makeKeys(folder);
  const mail = `${folder}/mail`;
  await mkdir(mail, { recursive: true });
  for (const place of [folder, mail]) await must('chmod', ['755', place]);
  // Its folder goes with all the others.
  process.env.TMPDIR = folder;
  const dovecot = await Dovecot.start();
  await Promise.all([startPine(folder, mail), startElm(folder, mail), startOak(folder, mail)]);
  await Promise.all([startRelay(folder, keys), startHome(folder, dovecot)]);
  for (const host of ['postfix', 'exim', 'opensmtpd', 'relay', 'home'] as const) await answering(ADDRESS[host], 25);
  for (const port of Object.values(RELAY)) await answering(ADDRESS.relay, port);

  const senders = SENDINGS.map((sending, index) => new Sender(sending, { folder, index, cli, keys, dovecot }));
  // Two by two: the machine has two cores, and each is a campaign of its own.
  for (let at = 0; at < senders.length; at += 2)
    await Promise.all(senders.slice(at, at + 2).map((sender) => sender.send()));
  const expected = SENDINGS.length * TOWNS.length * REACHED.length;
  await until(async () => (await lettersIn(mail)).length, expected, 'letters in the towns');
  for (const letter of await lettersIn(mail)) await answer(letter);
  const back = SENDINGS.reduce((sum, sending) => sum + comesBack(sending), 0);
  const inbox = async () => (await readdir(`${dovecot.folder}/mail/new`)).length;
  await until(inbox, back, 'messages back at home');
  const outcomes: Outcome[] = [];
  for (const sender of senders) outcomes.push(await sender.outcome());
  await writeFile(`${folder}/results.json`, JSON.stringify(outcomes, null, 2));
}

interface Places {
  folder: string;
  index: number;
  cli: string;
  keys: Keys;
  dovecot: Dovecot;
}

/** One sending with a state of its own: what comes back of the others is a stranger's to it. */
class Sender {
  readonly #sending: Sending;
  readonly #places: Places;
  #output = '';

  constructor(sending: Sending, places: Places) {
    this.#sending = sending;
    this.#places = places;
  }

  get #home(): string {
    return `${this.#places.folder}/sender${this.#places.index}`;
  }

  async send(): Promise<void> {
    await mkdir(this.#home, { recursive: true });
    await writeFile(`${this.#home}/letter.md`, LETTER);
    await writeFile(`${this.#home}/list.csv`, LIST);
    await writeFile(`${this.#home}/envoi.json`, JSON.stringify(this.#settings()));
    await this.#envoi('send letter.md --yes', ['ip', 'netns', 'exec', SENDER]);
  }

  async outcome(): Promise<Outcome> {
    const first = await this.#envoi('mailbox read');
    const again = await this.#envoi('mailbox read');
    const suppressions = await this.#envoi('suppressions');
    const deliveries = await this.#envoi('report');
    const reading = (lines: Record<string, unknown>[]) => lines.find(({ event }) => event === 'mailbox');
    return {
      name: this.#sending.name,
      sent: deliveries.filter(({ event, state }) => event === 'delivery' && state === 'sent').length,
      first: reading(first),
      again: reading(again),
      suppressed: suppressions.map(({ entry, reason }): [string, string] => [String(entry), String(reason)]).sort(),
      report: (await run(process.execPath, this.#words('report'), this.#surroundings)).output,
      output: this.#output,
    };
  }

  #settings(): Record<string, unknown> {
    const { way, returnPath } = this.#sending;
    const { keys, dovecot } = this.#places;
    const relay = {
      host: hostName('relay'),
      security: 'starttls',
      user: RELAY_USER,
      auth: 'password',
      caFile: keys.ca,
    };
    return {
      'envoi.from': 'Ada <ada@letters.example>',
      'envoi.unsubscribe': { mailto: 'leave@letters.example' },
      'envoi.postalAddress': '1 Letter Lane',
      'envoi.direct': { hello: 'sender.mail.example', ...(way.kind === 'direct' && { returnPath }) },
      ...(way.kind === 'relay' && { 'envoi.servers': { relay: { ...relay, port: way.port, returnPath } } }),
      'envoi.route': [way.kind],
      'envoi.mailboxes': { back: { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user } },
    };
  }

  get #surroundings() {
    const passwords = { ENVOI_PASSWORD_RELAY: RELAY_PASSWORD, ENVOI_PASSWORD_BACK: this.#places.dovecot.password };
    const person = { XDG_STATE_HOME: `${this.#home}/person`, ENVOI_LAB_ADDRESSES: '10.77.0.0/16', LC_ALL: 'C' };
    return { cwd: this.#home, env: { ...process.env, ...passwords, ...person } };
  }

  #words(words: string): string[] {
    const options = ['--config', 'envoi.json', '--trust', '--state', `${this.#home}/state`];
    return ['--disable-warning=ExperimentalWarning', this.#places.cli, ...words.split(' '), ...options];
  }

  async #envoi(words: string, within: readonly string[] = []): Promise<Record<string, unknown>[]> {
    const [program = '', ...args] = [...within, process.execPath, ...this.#words(words), '--json'];
    const { output } = await run(program, args, this.#surroundings);
    this.#output += output;
    return jsonLines(output);
  }
}

/** Waits until there are as many; more are seen by what is made of them. */
async function until(count: () => Promise<number>, expected: number, what: string): Promise<void> {
  const deadline = Date.now() + ARRIVE_MS;
  for (;;) {
    const found = await count();
    if (found >= expected) return;
    if (Date.now() > deadline) throw new Error(`${found} of ${expected} ${what}.`);
    await setTimeout(100);
  }
}

const [folder = '', packages = '', cli = ''] = process.argv.slice(2);
endWith(main(folder, packages, cli));
