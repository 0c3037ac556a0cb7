import { mkdir, readFile } from 'node:fs/promises';
import { startLeaveServer } from '../endpoint/leaveServer.ts';
import { openTokenLog } from '../endpoint/tokenLog.ts';
import { systemClock } from '../shared/clock.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { CommandOptions } from './commandLine.ts';
import { endpointSecret } from './endpointSecret.ts';
import { EXIT, onSignals } from './exit.ts';
import { print, printError, printJson } from './terminal.ts';
import { say } from './words.ts';

/** Octets of tokens kept: about four million. */
const LARGEST_LOG = 256 * 1024 * 1024;

/** `envoi unsubscribe-server --store DIR --name NAME [--listen HOST:PORT] [--cert FILE --key FILE]`: until it is ended. */
export async function unsubscribeServer(options: CommandOptions): Promise<number> {
  const secret = endpointSecret();
  const folder = needed(options.store, '--store', msg('Give the folder where the tokens are kept.'));
  const name = needed(options.name, '--name', msg('Give the name of your list as readers know it.'));
  const color = colorOf(options.color ?? '#1a56b0');
  const { host, port } = listenOn(options.listen ?? '127.0.0.1:8025');
  const tls = await tlsOf(options);
  if (!tls && !isLoopback(host)) {
    throw new UserError(
      'endpointNeedsTls',
      msg('Without a certificate, the server listens on this machine only, not on {0}.', host),
      msg('Put it behind a web server with https, or give --cert and --key.'),
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = await openTokenLog({ folder, largest: LARGEST_LOG });
  const server = await startLeaveServer(
    { log, secret, look: { name, color }, clock: systemClock, diagnostics, ...(tls && { tls }) },
    host,
    port,
  );
  const url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  if (options.json) printJson({ event: 'listening', url });
  else
    print(
      `  ${say(msg('Unsubscribe endpoint for “{0}” on {1}. Tokens are kept in {2}. Ctrl+C ends it.', name, url, folder))}`,
    );
  await new Promise<void>((resolve) => {
    const listening = onSignals(() => {
      listening.dispose();
      resolve();
    });
  });
  await server.close();
  await log.close();
  return EXIT.sent;
}

const diagnostics: Log = { debug() {}, info() {}, warn: printError, error: printError };

function needed(value: string | undefined, option: string, remedy: ReturnType<typeof msg>): string {
  if (value) return value;
  throw new UserError('usage', msg('{0} is missing.', option), remedy);
}

function colorOf(written: string): string {
  if (/^#[0-9a-f]{6}$/i.test(written)) return written;
  throw new UserError('usage', msg('“{0}” is not a color.', written), msg('Write it as #1a56b0.'));
}

function listenOn(written: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(written) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host && port <= 65_535) return { host: host === 'localhost' ? '127.0.0.1' : host, port };
  throw new UserError('usage', msg('“{0}” is not an address and a port.', written), msg('Write 127.0.0.1:8025.'));
}

async function tlsOf({ cert, key }: CommandOptions): Promise<{ cert: string; key: string } | undefined> {
  if (!cert && !key) return undefined;
  if (!cert || !key)
    throw new UserError('usage', msg('--cert and --key must be used together.'), msg('Give both, or neither.'));
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}
