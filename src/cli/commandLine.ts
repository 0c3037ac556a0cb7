import { parseArgs } from 'node:util';
import type { StoreDecision } from '../engine/queue/store/storeDamage.ts';
import { msg, UserError } from '../shared/errors.ts';
import { defaultStateDir } from '../shared/stateDir.ts';
import { isToken } from '../shared/unsubscribeToken.ts';
import type { EngineConnection } from './engineConnection.ts';

export interface CommandOptions {
  config: string | undefined;
  recipients: readonly string[] | undefined;
  recipient: string | undefined;
  state: string;
  at: string | undefined;
  to: readonly string[] | undefined;
  out: string | undefined;
  csv: string | undefined;
  reason: string | undefined;
  once: string | undefined;
  where: string | undefined;
  file: string | undefined;
  leftOut: string | undefined;
  store: string | undefined;
  name: string | undefined;
  color: string | undefined;
  listen: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  json: boolean;
  yes: boolean;
  trust: boolean;
  failed: boolean;
  again: boolean;
  network: boolean;
  rehearse: boolean;
  scenario: string | undefined;
  apply: string | undefined;
  messages: string | undefined;
  for: string | undefined;
  wait: boolean;
  read: boolean;
  pull: boolean;
  remove: boolean;
  undo: boolean;
  help: boolean;
  version: boolean;
}

export const version: string = process.env.ENVOI_VERSION ?? '';

const known = {
  config: { type: 'string', short: 'c' },
  recipients: { type: 'string', short: 'r', multiple: true },
  recipient: { type: 'string' },
  state: { type: 'string', short: 's' },
  at: { type: 'string' },
  to: { type: 'string', multiple: true },
  out: { type: 'string', short: 'o' },
  csv: { type: 'string' },
  reason: { type: 'string' },
  once: { type: 'string' },
  where: { type: 'string' },
  file: { type: 'string' },
  'left-out': { type: 'string' },
  again: { type: 'boolean' },
  network: { type: 'boolean' },
  rehearse: { type: 'boolean' },
  scenario: { type: 'string' },
  apply: { type: 'string' },
  messages: { type: 'string' },
  for: { type: 'string' },
  wait: { type: 'boolean' },
  read: { type: 'boolean' },
  store: { type: 'string' },
  name: { type: 'string' },
  color: { type: 'string' },
  listen: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  trust: { type: 'boolean' },
  failed: { type: 'boolean' },
  pull: { type: 'boolean' },
  remove: { type: 'boolean' },
  undo: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Words and options of a command line. Throws a UserError that names what is not understood. */
export function readCommandLine(args: readonly string[]): { words: string[]; options: CommandOptions } {
  try {
    // One unsubscribe token in 64 begins with a hyphen, which is not an option's; no option is as long as a token.
    const isDashed = (arg: string) => arg.startsWith('-') && isToken(arg);
    const rest = args.filter((arg) => !isDashed(arg));
    const { values, positionals } = parseArgs({ args: rest, options: known, allowPositionals: true });
    refuseEmpty(values, positionals);
    const options = {
      config: values.config,
      recipients: values.recipients,
      recipient: values.recipient,
      state: values.state ?? defaultStateDir(),
      at: values.at,
      to: values.to,
      out: values.out,
      csv: values.csv,
      reason: values.reason,
      once: values.once,
      where: values.where,
      file: values.file,
      leftOut: values['left-out'],
      again: values.again ?? false,
      network: values.network ?? false,
      rehearse: values.rehearse ?? false,
      scenario: values.scenario,
      apply: values.apply,
      messages: values.messages,
      for: values.for,
      wait: values.wait ?? false,
      read: values.read ?? false,
      store: values.store,
      name: values.name,
      color: values.color,
      listen: values.listen,
      cert: values.cert,
      key: values.key,
      json: values.json ?? false,
      yes: values.yes ?? false,
      trust: values.trust ?? false,
      failed: values.failed ?? false,
      pull: values.pull ?? false,
      remove: values.remove ?? false,
      undo: values.undo ?? false,
      help: values.help ?? false,
      version: values.version ?? false,
    };
    return { words: [...positionals, ...args.filter(isDashed)], options };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const what = (error instanceof Error ? error.message : String(error)).split('. ')[0] ?? '';
    throw new UserError('usage', msg('{0}.', what.replace(/\.$/, '')), msg('See “envoi --help”.'));
  }
}

/** In a script, what is empty is a variable that is not set: "" must not mean the only campaign, everyone or no key. */
function refuseEmpty(values: Readonly<Record<string, unknown>>, words: readonly string[]): void {
  const [option] = Object.entries(values).find(([, value]) => [value].flat().includes('')) ?? [];
  if (option !== undefined)
    throw new UserError(
      'usage',
      msg('The option --{0} has an empty value.', option),
      msg('Give a value or leave the option out; perhaps a variable in your script is not set.'),
    );
  if (words.includes(''))
    throw new UserError(
      'usage',
      msg('An empty word was given.'),
      msg('Leave it out; perhaps a variable in your script is not set.'),
    );
}

export async function connectEngineFor(
  options: CommandOptions,
  purpose: 'send' | 'look',
  decision?: StoreDecision,
): Promise<EngineConnection> {
  const { connectEngine } = await import('./engineConnection.ts');
  return connectEngine({ stateDir: options.state, version, purpose, decision });
}
