import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { msg, UserError } from '../shared/errors.ts';
import { type ServerSettings, type Settings, secretKey, transportNames } from '../shared/settings.ts';

/** `office` → `ENVOI_PASSWORD_OFFICE`; what is no letter or digit becomes `_`. */
export function passwordVariable(server: string, auth: 'password' | 'oauth2'): string {
  const prefix = auth === 'oauth2' ? 'ENVOI_TOKEN_' : 'ENVOI_PASSWORD_';
  return prefix + server.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/**
 * The secrets of the servers a campaign may use, from the environment or asked for at the terminal, by secret key.
 * Throws a UserError that names the variable when there is neither.
 */
export async function collectSecrets(settings: Settings, names: Iterable<string>): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of new Set(names)) {
    const server = settings.servers[name];
    if (!server || server.auth === 'none') continue;
    secrets[secretKey(server)] = await secretOf(name, server);
  }
  return secrets;
}

/** The secret of one server, from the environment or asked for; a UserError when there is neither. */
export async function secretOf(name: string, server: ServerSettings): Promise<string> {
  const oauth = server.auth === 'oauth2';
  const variable = passwordVariable(name, oauth ? 'oauth2' : 'password');
  const what = oauth ? 'Access token' : 'Password';
  const given = process.env[variable] || (await ask(`  ${what} of ${server.user} at ${server.host}: `));
  if (given) return given;
  throw new UserError(
    'passwordMissing',
    oauth
      ? msg('The server "{0}" needs an access token and none was given.', name)
      : msg('The server "{0}" needs a password and none was given.', name),
    msg('Set the environment variable {0}. Nothing was sent.', variable),
  );
}

/** Every transport a campaign of these settings can use. */
export function transportsOf(settings: Settings): string[] {
  return transportNames(settings);
}

/** Asks without showing what is typed; undefined without a terminal. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: mute, terminal: true });
  // Only now that the terminal shows nothing any more.
  process.stderr.write(question);
  try {
    return await new Promise<string | undefined>((resolve) => {
      terminal.question('', resolve);
      terminal.once('close', () => resolve(undefined));
    });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
