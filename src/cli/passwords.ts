import { msg, UserError } from '../shared/errors.ts';
import { type ServerSettings, type Settings, secretKey, transportNames } from '../shared/settings.ts';
import { askHidden, askYes, mayAsk } from './ask.ts';
import type { CommandOptions } from './commandLine.ts';
import { givenSecrets } from './givenSecrets.ts';
import { isBound, keepTrust } from './trustStore.ts';
import { say } from './words.ts';

/** The options about trust and questions. */
export type PromptOptions = Pick<CommandOptions, 'trust' | 'yes' | 'json'>;

/** Where a secret goes: a relay, or a mailbox. */
type Account = Pick<ServerSettings, 'host' | 'port' | 'user' | 'auth'>;

/** `office` → `ENVOI_PASSWORD_OFFICE`; anything but letters and digits becomes `_`. */
export function passwordVariable(server: string, auth: 'password' | 'oauth2'): string {
  const prefix = auth === 'oauth2' ? 'ENVOI_TOKEN_' : 'ENVOI_PASSWORD_';
  return prefix + server.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/**
 * The secrets of the servers a campaign may use, from the environment or asked for at the terminal, by secret key.
 * Throws a UserError that names the variable when there is neither.
 */
export async function collectSecrets(
  settings: Settings,
  names: Iterable<string>,
  prompts: PromptOptions,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of new Set(names)) {
    const server = settings.servers[name];
    if (!server || server.auth === 'none') continue;
    secrets[secretKey(server)] = await secretOf(name, server, prompts);
  }
  return secrets;
}

/** The secret of one server, from the environment or asked for; a UserError when there is neither. */
export async function secretOf(name: string, server: Account, prompts: PromptOptions): Promise<string> {
  const oauth = server.auth === 'oauth2';
  const variable = passwordVariable(name, oauth ? 'oauth2' : 'password');
  const fromEnvironment = givenSecrets.get(variable);
  if (fromEnvironment) {
    await bind(variable, server, prompts);
    return fromEnvironment;
  }
  const at = `${server.host}:${server.port}`;
  const typed = await askHidden(
    `  ${say(oauth ? msg('Access token for {0} at {1}:', server.user, at) : msg('Password for {0} at {1}:', server.user, at))} `,
  );
  if (typed) return typed;
  throw new UserError(
    'passwordMissing',
    oauth
      ? msg('The server “{0}” needs an access token, and none was given.', name)
      : msg('The server “{0}” needs a password, and none was given.', name),
    msg('Set the environment variable {0}. Nothing was sent.', variable),
  );
}

/**
 * A variable is named after a server, and any settings can use that name: its password goes only to the account, by host,
 * port and user, that a person has approved for it. Throws the UserError `passwordNotBound`.
 */
async function bind(variable: string, server: Account, prompts: PromptOptions): Promise<void> {
  const account = secretKey(server);
  if (await isBound(variable, account)) return;
  const yes =
    prompts.trust ||
    (mayAsk(prompts) &&
      (await askYes(say(msg('{0} has never been used with {1}. Send it to this server?', variable, account)))));
  if (!yes) {
    throw new UserError(
      'passwordNotBound',
      msg('The password in {0} has never been used with {1}, so it is not sent there.', variable, account),
      msg('If this is your server, add --trust once. Nothing was sent.'),
    );
  }
  await keepTrust(null, [{ variable, account }]);
}

/** Every transport a campaign of these settings can use. */
export function transportsOf(settings: Settings): string[] {
  return transportNames(settings);
}
