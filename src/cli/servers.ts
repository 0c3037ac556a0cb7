import { createReadStream } from 'node:fs';
import { readLists } from '../compose/recipients/readLists.ts';
import { tryDirect, tryServer } from '../engine/openEngine.ts';
import type { ServerTestStep } from '../protocol/engineApi.ts';
import { domainOf } from '../shared/address.ts';
import { detailWords } from '../shared/detailText.ts';
import { msg, UserError } from '../shared/errors.ts';
import { DIRECT, type Settings, secretKey } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { collectSecrets } from './passwords.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, green, print, printJson, red, table } from './terminal.ts';
import { say, words } from './words.ts';

const stepNames = {
  dns: msg('DNS'),
  connect: msg('Connection'),
  tls: msg('Encryption'),
  auth: msg('Sign-in'),
  sender: msg('Sender'),
  ready: msg('Ready'),
};

/** `envoi servers test [NAME]`: goes as far as a message would, without sending one. */
export async function testServers(name: string | undefined, options: CommandOptions): Promise<number> {
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  if (name === DIRECT) return testDirect(settings, options);
  const names = name ? [name] : Object.keys(settings.servers);
  if (names.length === 0 || names.some((item) => !Object.hasOwn(settings.servers, item) || item === DIRECT)) {
    throw new UserError(
      'unknownServer',
      name ? msg('The settings have no server “{0}”.', name) : msg('The settings have no server.'),
      msg('Add it to envoi.servers, or pass the settings with --config.'),
    );
  }
  const secrets = await collectSecrets(settings, names, options);
  let failed = 0;
  for (const server of names) {
    const entry = settings.servers[server];
    if (!entry) continue;
    const secret = secrets[secretKey(entry)] ?? '';
    const steps = await tryServer({ settings, server, secret }, process.env.ENVOI_LAB_ADDRESSES ?? '');
    if (steps.some((step) => !step.ok)) failed++;
    if (options.json) {
      printJson({ event: 'server', server, ok: steps.every((step) => step.ok), steps });
      continue;
    }
    print(`\n  ${bold(server)} ${dim(`${entry.host}:${entry.port}`)}`);
    print(stepTable(steps));
  }
  return failed > 0 ? EXIT.someFailed : EXIT.sent;
}

/** How many of the domains with the most readers are tested. */
const LARGEST = 5;

/** `envoi servers test direct`: the mail servers of the largest domains of a list, or of the test recipients. */
async function testDirect(settings: Settings, options: CommandOptions): Promise<number> {
  const domains = options.recipients
    ? await largestDomains(options.recipients)
    : [...new Set(settings.testRecipients.map((address) => domainOf(bare(address))))];
  if (domains.length === 0)
    throw new UserError(
      'usage',
      msg('Direct delivery is tested against the readers’ mail servers, without naming any reader.'),
      msg('Usage: envoi servers test direct --recipients list.csv, or set envoi.testRecipients.'),
    );
  let failed = 0;
  for (const domain of domains) {
    const steps = await tryDirect(settings, domain, process.env.ENVOI_LAB_ADDRESSES ?? '');
    const ok = steps.every((step) => step.ok);
    if (!ok) failed++;
    if (options.json) printJson({ event: 'server', server: DIRECT, domain, ok, steps });
    else {
      print(`\n  ${bold(domain)}`);
      print(stepTable(steps));
    }
  }
  return failed > 0 ? EXIT.someFailed : EXIT.sent;
}

async function largestDomains(paths: readonly string[]): Promise<string[]> {
  const counts = new Map<string, number>();
  const lists = paths.map((file) => ({ file, open: () => createReadStream(file) }));
  for await (const { rows } of readLists(lists, {}))
    for (const { address } of rows) counts.set(domainOf(address), (counts.get(domainOf(address)) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, LARGEST)
    .map(([domain]) => domain);
}

function stepTable(steps: readonly ServerTestStep[]): string {
  const lines = steps.map((step) => [
    step.ok ? green('✓') : red('✗'),
    say(stepNames[step.step]),
    dim(step.ok ? step.detail : detailWords(step.detail, words)),
  ]);
  return table(lines, '    ');
}

function bare(mailbox: string): string {
  return /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox;
}
