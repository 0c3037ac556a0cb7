import type { Unsubscribed } from '../protocol/engineApi.ts';
import { endpointUrl } from '../shared/endpointUrl.ts';
import { msg, UserError } from '../shared/errors.ts';
import { tokenIn } from '../shared/unsubscribeToken.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { endpointSecret } from './endpointSecret.ts';
import { EXIT } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { loadSettings } from './settingsFile.ts';
import { dim, print, printError, printJson, table } from './terminal.ts';
import { say } from './words.ts';

/** Octets read from standard input at most. */
const MOST_INPUT = 16_000_000;

/** `envoi unsubscribe TOKEN…|-`, `envoi unsubscribe --pull`: unsubscribes readers and says whose tokens they were. */
export async function unsubscribe(words: readonly string[], options: CommandOptions): Promise<number> {
  const given = options.pull ? [] : await tokensOf(words);
  const url = options.pull ? await endpointOf(options) : '';
  const secret = options.pull ? endpointSecret() : '';
  const connection = await connectEngineFor(options, 'look');
  try {
    const now = Date.now();
    const result = options.pull
      ? await connection.engine.pullUnsubscribes({ url, secret })
      : await connection.engine.unsubscribe({ tokens: given.map((token) => ({ token, at: now })) });
    printUnsubscribed(result, options.json);
    return result.unknown.length > 0 && !options.pull ? EXIT.someFailed : EXIT.sent;
  } finally {
    await connection.close();
  }
}

export function printUnsubscribed({ left, unknown }: Unsubscribed, json: boolean): void {
  if (json) {
    for (const each of left) printJson({ event: 'unsubscribed', ...each });
    for (const token of unknown) printJson({ event: 'unknownToken', token });
    return;
  }
  if (left.length === 0 && unknown.length === 0) print(`  ${say(msg('Nobody has unsubscribed since the last time.'))}`);
  if (left.length > 0) {
    print(
      table(
        left.map(({ address, campaign, before }) => [
          address,
          say(before ? msg('was already unsubscribed') : msg('unsubscribed')),
          dim(campaign),
        ]),
      ),
    );
  }
  for (const token of unknown)
    printError(`  ${say(msg('{0}: belongs to no letter of this state directory from the last 180 days.', token))}`);
}

/** Tokens, or whole links as in a letter; “-” reads them from standard input, one a line. */
async function tokensOf(words: readonly string[]): Promise<string[]> {
  const written = words.length === 1 && words[0] === '-' ? (await standardInput()).split(/\s+/) : words;
  const tokens = written.filter((word) => word !== '').map(tokenOf);
  if (tokens.length > 0) return tokens;
  throw new UserError(
    'usage',
    msg('No token was given.'),
    msg('Usage: envoi unsubscribe TOKEN, with “-” to read them from standard input, or with --pull.'),
  );
}

function tokenOf(word: string): string {
  const found = tokenIn(word);
  if (found) return found;
  throw new UserError(
    'badToken',
    msg('“{0}” is not an unsubscribe token.', word.slice(0, 80)),
    msg('A token has 43 characters; the whole link works too.'),
  );
}

async function standardInput(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += String(piece);
    if (text.length > MOST_INPUT)
      throw new UserError('tooLarge', msg('Standard input is too large.'), msg('Give the tokens in several parts.'));
  }
  return text;
}

async function endpointOf(options: CommandOptions): Promise<string> {
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  const url = endpointUrl(settings.unsubscribe);
  if (url !== '') return url;
  throw new UserError(
    'noEndpoint',
    msg('The settings contain no web address for unsubscribing.'),
    msg('Set envoi.unsubscribe.url, or pass the settings with --config.'),
  );
}
