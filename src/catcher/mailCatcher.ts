import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type CatcherEvents, Conversation } from './conversation.ts';

export interface CatcherOptions {
  folder: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** A reply other than acceptance for a recipient, as a real server might give it. */
  refuse?: (address: string) => { code: number; text: string } | undefined;
  /** The oldest letters are deleted when there are more. */
  keep?: number;
  /** A letter has been saved in the folder. */
  caught?: (file: string) => void;
}

/** Nobody else may read the letters. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/**
 * A mail server on loopback that delivers nothing: every message becomes an .eml file in a folder, named so that file names
 * sort in order of arrival. A message is accepted only when it is on disk.
 */
export class MailCatcher {
  readonly folder: string;
  count = 0;
  readonly #options: CatcherOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #pruning: Promise<void> = Promise.resolve();

  private constructor(options: CatcherOptions) {
    this.folder = options.folder;
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: CatcherOptions): Promise<MailCatcher> {
    await makeFolder(options.folder);
    const catcher = new MailCatcher(options);
    catcher.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(catcher.#server, 'listening');
    catcher.#server.on('error', () => {});
    return catcher;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
    await this.#pruning;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const events: CatcherEvents = {
      refuse: (address) => this.#options.refuse?.(address),
      store: (to, content) => this.#store(to, content),
    };
    new Conversation(socket, events);
  }

  async #store(to: string, content: Buffer): Promise<void> {
    const number = String(++this.count).padStart(5, '0');
    const stamp = new Date().toISOString().replace(/[-:.]/g, '');
    const file = `${stamp}-${number}-${to.replace(/[^A-Za-z0-9@._-]/g, '_').slice(0, 120)}.eml`;
    await writeFile(join(this.folder, file), content, { mode: 0o600 });
    this.#options.caught?.(file);
    if (this.#options.keep !== undefined && this.count % 50 === 0)
      this.#pruning = this.#pruning.then(() => this.#prune(this.#options.keep ?? 0)).catch(() => {});
  }

  async #prune(keep: number): Promise<void> {
    const files = (await readdir(this.folder)).filter((name) => name.endsWith('.eml')).sort();
    for (const name of files.slice(0, Math.max(0, files.length - keep)))
      await rm(join(this.folder, name), { force: true });
  }
}
