import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingsFor } from './material.ts';
import { type Command, measured } from './measured.ts';
import { row } from './print.ts';

/** What it costs to start the command, taking turns with Node that does nothing: processor time and time, means of `runs`. */
export async function startUp(roots: readonly { name: string; root: string }[], folder: string, runs: number) {
  const home = await mkdtemp(join(folder, 'home-'));
  const letter = join(home, 'letter.md');
  await writeFile(
    letter,
    '---\nsubject: Hello\nfrom: Ada <ada@sender.example>\nrecipients: list.csv\n---\nDear all.\n',
  );
  await writeFile(join(home, 'list.csv'), 'email\nada@d0.example\n');
  const settings = join(home, 'settings.json');
  await writeFile(settings, settingsFor({ port: 25, connections: 1, dkim: false, pipelineDepth: 1 }));
  const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const commands = new Map<string, Command>([['Node alone', { file: process.execPath, args: ['-e', '0'], env }]]);
  for (const { name, root } of roots) {
    const cli = join(root, 'dist/cli.cjs');
    commands.set(`${name} --help`, { file: process.execPath, args: [cli, '--help'], env });
    commands.set(`${name} check`, { file: process.execPath, args: [cli, 'check', letter, '--config', settings], env });
  }
  const spent = new Map<string, { cpu: number; seconds: number }>();
  for (let run = -1; run < runs; run++) {
    for (const [name, command] of commands) {
      const { cpu, seconds } = await measured(command);
      // The first fills the caches.
      const sum = run < 0 ? { cpu: -cpu, seconds: -seconds } : (spent.get(name) ?? { cpu: 0, seconds: 0 });
      spent.set(name, { cpu: sum.cpu + cpu, seconds: sum.seconds + seconds });
    }
  }
  await rm(home, { recursive: true });
  const lines = [row(['start-up', 'CPU ms', 'ms']), row(['---', '---', '---'])];
  for (const [name, { cpu, seconds }] of spent)
    lines.push(row([name, ((cpu / runs) * 1000).toFixed(0), ((seconds / runs) * 1000).toFixed(0)]));
  return lines.join('\n');
}
