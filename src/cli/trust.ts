import { cut } from '../shared/displayWidth.ts';
import { msg, UserError } from '../shared/errors.ts';
import { keysThatNeedTrust } from '../shared/folderSettings.ts';
import { type Settings, secretKey } from '../shared/settings.ts';
import { askYes, mayAsk } from './ask.ts';
import { type PromptOptions, passwordVariable } from './passwords.ts';
import { bold, dim, printError, table } from './terminal.ts';
import { isTrustedText, keepTrust } from './trustStore.ts';
import { say } from './words.ts';

/** Settings that nobody named: they were found next to a document or in the current folder. */
export interface FoundSettings {
  file: string;
  text: string;
  /** As written. */
  raw: Record<string, unknown>;
  settings: Settings;
}

/**
 * Settings that were found, not named, may come with somebody else's letter. Names and texts apply; servers, keys,
 * addresses and limits only when the person trusts this file as it is now: asked for on a terminal, given with --trust.
 * Throws the UserError `untrustedSettings`.
 */
export async function requireTrust(found: FoundSettings, prompts: PromptOptions): Promise<void> {
  const keys = keysThatNeedTrust(found.raw);
  if (keys.length === 0 || (await isTrustedText(found.file, found.text))) return;
  if (prompts.trust) return trustSettings(found);
  if (mayAsk(prompts)) {
    printError(trustQuestion(found));
    if (await askYes(say(msg('Use these settings until they change?')))) return trustSettings(found);
  }
  throw new UserError(
    'untrustedSettings',
    msg('These settings set {0}, and you have not trusted their current version yet.', keys.join(', ')),
    msg('Read them, then run “envoi trust {0}”, or pass them with --config. Nothing was sent.', found.file),
    { file: found.file },
  );
}

/** From now on, until the file changes. The accounts it names may get the passwords named after them. */
export async function trustSettings({ file, text, settings }: FoundSettings): Promise<void> {
  const bindings = Object.entries(settings.servers).flatMap(([name, server]) =>
    server.auth === 'none' ? [] : [{ variable: passwordVariable(name, server.auth), account: secretKey(server) }],
  );
  await keepTrust({ path: file, text }, bindings);
}

/** What a person should see before confirming: where mail and passwords would go, and everything else that is not a text. */
export function trustQuestion({ file, raw, settings }: FoundSettings): string {
  const lines = keysThatNeedTrust(raw).flatMap((key) =>
    key === 'envoi.servers' ? serverLines(settings) : [[key, cut(JSON.stringify(raw[key]) ?? '', 120)]],
  );
  return [
    '',
    `  ${say(msg('{0} has not been used on this computer yet, or has changed since. It sets:', bold(file)))}`,
    '',
    table(
      lines.map(([key = '', value = '']) => [dim(key), value]),
      '    ',
    ),
    '',
  ].join('\n');
}

function serverLines(settings: Settings): string[][] {
  return Object.entries(settings.servers).map(([name, server]) => {
    const { host, port, user, auth } = server;
    const who =
      auth === 'none'
        ? msg('{0}, without a sign-in', `${host}:${port}`)
        : msg('{0}, gets the password in {1}', `${user}@${host}:${port}`, passwordVariable(name, auth));
    return [`envoi.servers.${name}`, say(who)];
  });
}
