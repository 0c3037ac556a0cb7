import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const bundle = resolve(import.meta.dirname, '../../dist/cli.cjs');
const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Why there can be no terminal here, or false. */
export const scriptLacking = (() => {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux' ? false : 'needs the script command of util-linux';
  } catch {
    return 'needs the script command of util-linux';
  }
})();

/** The command on a terminal of its own (by util-linux's `script`). */
export class Terminal {
  /** All that the terminal was told, escapes included. */
  text = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(
    args: readonly string[],
    { columns = 100, ...options }: { cwd: string; env?: Record<string, string>; columns?: number },
  ) {
    const words = [process.execPath, '--disable-warning=ExperimentalWarning', bundle, ...args].map(quote).join(' ');
    this.#child = spawn('script', ['-qfec', `stty cols ${columns}; exec ${words}`, '/dev/null'], {
      cwd: options.cwd,
      env: {
        ...process.env,
        TERM: 'xterm',
        NO_COLOR: '1',
        ENVOI_LAB_ADDRESSES: '127.0.0.0/8',
        LC_ALL: 'C',
        XDG_STATE_HOME: options.cwd,
        ...options.env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
    });
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when the terminal has shown it. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      const output = this.#child.stdout;
      if (!output || output.closed || this.#child.exitCode !== null)
        throw new Error(`never shown: ${pattern}\n${this.text}`);
      await Promise.race([once(output, 'data'), this.#ended]);
    }
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  enter(text: string): void {
    this.type(`${text}\r`);
  }

  /** What Ctrl+C does on a terminal. */
  interrupt(): void {
    this.type('\u0003');
  }

  get ended(): Promise<number | null> {
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
