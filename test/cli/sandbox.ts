import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, jsonLines, runCli } from '../main/runCli.ts';

export const letter = `---
subject: Hello {{ name }}
from: Ada <ada@sender.example>
kind: internal
recipients: list.csv
---
Dear {{ name }}, this is yours.
`;

/** A folder as a person has it: a letter, its list, settings beside it, and a state directory of its own. */
export class Sandbox {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), 'envoi-sandbox-')));
    await sandbox.write('letter.md', letter);
    await sandbox.writeList(3);
    return sandbox;
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  async writeList(count: number, name = 'list.csv'): Promise<void> {
    const rows = Array.from({ length: count }, (_, n) => `reader${n + 1}@example.org,Reader ${n + 1}`);
    await this.write(name, `email,name\n${rows.join('\n')}\n`);
  }

  /** Settings with one relay on loopback; `more` goes over them. */
  async writeSettings(port: number, server: object = {}, more: object = {}): Promise<void> {
    const office = { host: '127.0.0.1', port, security: 'none', auth: 'none', ...server };
    await this.write('envoi.json', JSON.stringify({ 'envoi.servers': { office }, 'envoi.route': ['office'], ...more }));
  }

  /** As its owner, who trusts the settings. */
  run(words: string, env: Record<string, string> = {}): Promise<Finished> {
    return runCli(this.args(words), { cwd: this.folder, env: { ...this.person, ...env } });
  }

  args(words: string): string[] {
    return [...this.strangerArgs(words), '--trust'];
  }

  /** As somebody who was given the folder and has said nothing about it yet. */
  runAsStranger(words: string, env: Record<string, string> = {}): Promise<Finished> {
    return runCli(this.strangerArgs(words), { cwd: this.folder, env: { ...this.person, ...env } });
  }

  strangerArgs(words: string): string[] {
    return [...words.split(' ').filter((word) => word !== ''), '--state', this.state];
  }

  /** Where this person's own things are kept. */
  get person(): Record<string, string> {
    return { XDG_STATE_HOME: join(this.folder, 'person') };
  }

  /** The lines of a command with --json, and its exit code. */
  async json(words: string, env: Record<string, string> = {}) {
    const { code, stdout, stderr } = await this.run(`${words} --json`, env);
    return { code, stderr, lines: jsonLines(stdout) };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
