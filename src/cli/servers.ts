import { tryServer } from '../engine/openEngine.ts';
import { msg, UserError } from '../shared/errors.ts';
import { DIRECT, secretKey } from '../shared/settings.ts';
import type { CommandOptions } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { collectSecrets } from './passwords.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, green, print, printJson, red, table } from './terminal.ts';
import { say } from './words.ts';

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
  const names = name ? [name] : Object.keys(settings.servers);
  if (names.length === 0 || names.some((item) => !settings.servers[item] || item === DIRECT)) {
    throw new UserError(
      'unknownServer',
      name ? msg('The settings have no server "{0}".', name) : msg('The settings have no server.'),
      msg('Add it to envoi.servers, or name the settings with --config.'),
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
    const lines = steps.map((step) => [step.ok ? green('✓') : red('✗'), say(stepNames[step.step]), dim(step.detail)]);
    print(table(lines, '    '));
  }
  return failed > 0 ? EXIT.someFailed : EXIT.sent;
}
