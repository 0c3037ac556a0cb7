// `npm run demo`: a real letter to a few hundred people of a real-looking list, through two mail catchers on loopback.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse } from 'jsonc-parser';
import { MailCatcher } from '../src/catcher/mailCatcher.ts';

const root = resolve(import.meta.dirname, '..');
const place = join(root, '.envoi', 'demo');
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text: string) => (colour ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text: string) => (colour ? `\u001b[2m${text}\u001b[0m` : text);
const here = (path: string) => relative(process.cwd(), path) || '.';

/** Some addresses have gone stale, as in every list; the servers say so in their own words. */
function refuse(address: string): { code: number; text: string } | undefined {
  if (/^(?:subra|paola)\./.test(address)) return { code: 550, text: `5.1.1 <${address}>: user unknown` };
  if (/^yuri\./.test(address)) return { code: 550, text: '5.2.1 This mailbox is disabled and takes no messages' };
  if (address.endsWith('@hospital.example'))
    return { code: 550, text: '5.7.1 This mailbox does not accept mail from outside the hospital' };
  return undefined;
}

rmSync(place, { recursive: true, force: true });
const folders = { office: join(place, 'messages', 'office'), backup: join(place, 'messages', 'backup') };
mkdirSync(place, { recursive: true });
const office = await MailCatcher.start({ folder: folders.office, refuse });
const backup = await MailCatcher.start({ folder: folders.backup, refuse });

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
writeFileSync(join(place, 'dkim.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
const settings = {
  ...(parse(readFileSync(join(root, 'examples', 'settings.json'), 'utf8')) as Record<string, unknown>),
  'envoi.servers': {
    office: {
      host: '127.0.0.1',
      port: office.port,
      security: 'none',
      auth: 'none',
      maxConnections: 2,
      rate: '40/second',
      quota: '200/hour',
    },
    backup: {
      host: '127.0.0.1',
      port: backup.port,
      security: 'none',
      auth: 'none',
      maxConnections: 2,
      rate: '40/second',
    },
  },
  'envoi.route': ['office', 'backup'],
  'envoi.whenQuotaReached': 'next',
  'envoi.dkim': { 'observatory.example': { selector: 'demo', privateKeyFile: 'dkim.pem' } },
};
writeFileSync(join(place, 'settings.json'), JSON.stringify(settings, null, 2));

console.log(`
${bold('Envoi, the demo')}: examples/newsletter.md goes to examples/recipients.csv.
${dim('Two mail catchers on this computer act as two relays. Nothing leaves it.')}
${dim('The relay “office” accepts 200 messages an hour; the rest goes to “backup”.')}`);

const code = await envoi(['send', 'newsletter.md', '--config', join(place, 'settings.json'), '--yes']);
if (code !== 0 && code !== 1) throw new Error(`envoi send ended with exit code ${code}`);
await envoi(['report', '--csv', join(place, 'report.csv')]);

const [first] = readdirSync(folders.office).sort();
if (!first) throw new Error('no message arrived');
const message = readFileSync(join(folders.office, first), 'latin1');
console.log(`
${bold('One of the messages, as it was sent')} ${dim(here(join(folders.office, first)))}
${headersOf(message)}

${bold('Where to find everything')}
  ${office.count + backup.count} messages  ${here(join(place, 'messages'))}${dim('  open any .eml in a mail program')}
  the report    ${here(join(place, 'report.csv'))}
  the campaign  ${here(join(place, 'state'))}${dim(`  envoi report --state ${here(join(place, 'state'))}`)}

${bold('Try the same in the editor')}
  npm run build && code --extensionDevelopmentPath="$PWD" examples
  ${dim('then open newsletter.md and run “Envoi: Preview Newsletter” and “Envoi: Send Newsletter…”')}
`);
await Promise.all([office.close(), backup.close()]);

async function envoi(args: readonly string[]): Promise<number | null> {
  const cli = ['--disable-warning=ExperimentalWarning', join(root, 'dist', 'cli.cjs')];
  const child = spawn(process.execPath, [...cli, ...args, '--state', join(place, 'state')], {
    cwd: join(root, 'examples'),
    stdio: 'inherit',
  });
  const [exit] = (await once(child, 'exit')) as [number | null];
  return exit;
}

/** The header block, long ones cut: enough to see what is in it. */
function headersOf(source: string): string {
  const head = source.slice(0, source.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const width = Math.max(60, (process.stdout.columns ?? 110) - 4);
  return head
    .split('\r\n')
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .map((line) => `  ${line.replace(/^([^:]+:)/, (name) => dim(name))}`)
    .join('\n');
}
