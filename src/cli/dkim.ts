import { askSender } from '../engine/openEngine.ts';
import { domainOf, parseDomain, parseMailbox } from '../shared/address.ts';
import { systemClock } from '../shared/clock.ts';
import { makeDkimKey } from '../shared/dkimKeys.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type EvidenceItem, zoneLine } from '../shared/evidence.ts';
import type { Settings } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import { editSettings } from './editSettings.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { loadSettings, readFoundSettings } from './settingsFile.ts';
import { bold, dim, green, oneLine, print, printError, printJson } from './terminal.ts';
import { say } from './words.ts';

const LOOK_EVERY_MS = 5_000;

/** `envoi dkim init [DOMAIN]` */
export async function dkim(
  verb: string | undefined,
  domain: string | undefined,
  options: CommandOptions,
): Promise<number> {
  if (verb === 'init') return initDkim(domain, options);
  throw new UserError('usage', msg('No valid subcommand was given.'), msg('Usage: envoi dkim init [DOMAIN].'));
}

/**
 * `envoi dkim init [DOMAIN]`: creates a key where there is none, writes the setting, shows the record for DNS, and with --wait
 * checks until it is there. Run again it creates nothing, and only shows and checks.
 */
async function initDkim(named: string | undefined, options: CommandOptions): Promise<number> {
  const loaded = await loadSettings(options, undefined);
  refuseOnErrors(loaded.findings, options.json);
  let { settings } = loaded;
  const domain = domainFor(named, settings);
  if (!settings.dkim[domain]) {
    const { selector, file } = await makeDkimKey(domain);
    const written = options.config ?? process.env.ENVOI_CONFIG ?? 'envoi.json';
    const entry = { selector, privateKeyFile: file };
    const otherwise = msg('The key was created. Add it to envoi.dkim: {0}', JSON.stringify({ [domain]: entry }));
    await editSettings(written, [{ path: ['envoi.dkim', domain], value: entry }], otherwise);
    settings = (await readFoundSettings(written)).settings;
    if (options.json) printJson({ event: 'dkimKey', domain, selector, file, settings: written });
    else {
      print(`  ${green('✓')} ${say(msg('The private key is in {0}; only you can read it.', file))}`);
      print(`  ${green('✓')} ${say(msg('envoi.dkim is set in {0}.', written))}`);
    }
  }
  return lookForKey(domain, settings, options);
}

function domainFor(named: string | undefined, settings: Settings): string {
  const from = parseMailbox(settings.from);
  const domain = parseDomain(named ?? (from.ok ? domainOf(from.address) : ''));
  if (domain) return domain;
  throw new UserError(
    'usage',
    named ? msg('“{0}” is not a domain.', named) : msg('No domain was given, and envoi.from is not set.'),
    msg('Usage: envoi dkim init example.org.'),
  );
}

async function lookForKey(domain: string, settings: Settings, options: CommandOptions): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  try {
    for (let shown = false; ; shown = true) {
      const item = await askKey(domain, settings);
      if (!item) throw new Error('the key of the settings was not asked for');
      const there = item.state === 'passed' || item.state === 'warned';
      if (!shown || there) tell(item, options.json);
      if (there) return EXIT.sent;
      if (!options.wait) return EXIT.someFailed;
      if (!shown && !options.json)
        printError(
          `  ${dim(say(msg('Waiting for the record to appear. Ctrl+C stops; run the same command to continue.')))}`,
        );
      await systemClock.sleep(LOOK_EVERY_MS, stop.signal).catch(() => {});
      if (stop.signal.aborted) return EXIT.interrupted;
    }
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** The question about a sender who has nothing but this key. */
async function askKey(domain: string, settings: Settings): Promise<EvidenceItem | undefined> {
  const question = {
    from: `postmaster@${domain}`,
    settings: { ...settings, route: ['direct'], domainRoutes: {} },
    recipients: 0,
    providers: {},
    domains: [],
    newsletter: true,
    only: ['dkimRecord'],
  } as const;
  return (await askSender(question, process.env.ENVOI_LAB_ADDRESSES ?? '')).at(0);
}

function tell({ text, paste, ...item }: EvidenceItem, json: boolean): void {
  if (json) {
    printJson({ event: 'evidence', ...item, text: say(text), ...(paste ? { paste: zoneLine(paste) } : {}) });
    return;
  }
  if (item.state === 'passed') print(`  ${green('✓')} ${oneLine(say(text))}`);
  else print(`  ${oneLine(say(text))}`);
  if (!paste) return;
  print(`\n  ${say(msg('Add this record to the DNS of your domain:'))}\n`);
  print(`    ${dim(say(msg('Name')))}   ${bold(paste.name)}`);
  print(`    ${dim(say(msg('Type')))}   ${paste.type}`);
  print(`    ${dim(say(msg('Value')))}  ${paste.value}`);
  print(`\n  ${dim(say(msg('As a line of a zone file:')))}\n    ${zoneLine(paste)}\n`);
}
