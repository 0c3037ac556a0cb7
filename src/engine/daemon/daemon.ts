import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type EngineApi, PROTOCOL } from '../../protocol/engineApi.ts';
import { type EngineFile, engineFilePath, readEngineFile } from '../../protocol/engineFile.ts';
import { serveEngine } from '../../protocol/serveEngine.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import { makeEndpoint, removeDeadSockets } from './endpoint.ts';
import { leavingEngine } from './leavingEngine.ts';
import { acquireLock, type StateLock } from './lock.ts';

export interface OwnedEngine extends EngineApi {
  readonly idle: boolean;
  /** For the log. */
  readonly underWay: string;
  close(): Promise<void>;
}

export interface DaemonOptions {
  stateDir: string;
  version: string;
  clock: Clock;
  log: Log;
  /** Called once the lock is held. */
  createEngine: () => Promise<OwnedEngine>;
  /** False: nobody may attach; for a short read or change while nothing is to be sent. */
  listen?: boolean;
}

/** How long clients may take to receive the last reply. */
const GOODBYE_MS = 1_000;

/**
 * One engine for one state directory, and the socket at which other front doors find it. The lock is taken first and
 * released last, so there are never two. A second front door attaches to this one instead.
 */
export class Daemon {
  readonly engine: EngineApi;
  readonly #owned: OwnedEngine;
  readonly #options: DaemonOptions;
  readonly #lock: StateLock;
  readonly #server: Server;
  readonly #endpoint: { endpoint: string; remove: () => void };
  readonly #clients = new Set<Socket>();
  readonly #token = randomBytes(32).toString('base64url');
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #closing: Promise<void> | null = null;

  private constructor(
    options: DaemonOptions,
    lock: StateLock,
    engine: OwnedEngine,
    endpoint: { endpoint: string; remove: () => void },
    server: Server,
  ) {
    this.#options = options;
    this.#lock = lock;
    this.#owned = engine;
    this.engine = leavingEngine(engine, () => this.#closing !== null);
    this.#endpoint = endpoint;
    this.#server = server;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Null when another process owns the state directory. Throws UserErrors of the lock, the socket and the engine. */
  static async start(options: DaemonOptions): Promise<Daemon | null> {
    const lock = await acquireLock(options.stateDir);
    if (!lock) return null;
    let engine: OwnedEngine | null = null;
    try {
      engine = await options.createEngine();
      await removeDeadSockets();
      const endpoint = makeEndpoint(options.stateDir);
      const server = createServer();
      const daemon = new Daemon(options, lock, engine, endpoint, server);
      if (options.listen !== false) await daemon.#listen();
      return daemon;
    } catch (error) {
      await engine?.close();
      lock.release();
      throw error;
    }
  }

  /** Resolves when it has closed. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Which campaigns are in progress, for the log. */
  get inFlight(): string {
    return this.#owned.underWay;
  }

  /** Attached front doors, without the one that opened it. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Closes by itself when it has had nothing to do and no clients for `afterMs`. */
  async closeWhenIdle(afterMs: number): Promise<void> {
    const { clock } = this.#options;
    let idleSince = clock.now();
    while (!this.#closing) {
      await clock.sleep(Math.max(50, Math.min(afterMs, 5_000)));
      if (!this.#owned.idle || this.#clients.size > 0) idleSince = clock.now();
      else if (clock.now() - idleSince >= afterMs) await this.close();
    }
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#server.close();
      // A process that looks for an engine now waits for the lock instead of attaching to one that is closing.
      this.#forgetFile();
      try {
        await this.#owned.close();
      } finally {
        await this.#sayGoodbye();
        this.#endpoint.remove();
        this.#lock.release();
        this.#end();
      }
    })();
    return this.#closing;
  }

  /** Unless it belongs to another engine by now, as when the directory was removed and created again. */
  #forgetFile(): void {
    const { stateDir, listen } = this.#options;
    if (listen !== false && readEngineFile(stateDir)?.token === this.#token)
      rmSync(engineFilePath(stateDir), { force: true });
  }

  async #sayGoodbye(): Promise<void> {
    const leaving = [...this.#clients].map((socket) => {
      socket.end();
      return new Promise((resolve) => socket.once('close', resolve));
    });
    const late = setTimeout(() => {
      for (const socket of this.#clients) socket.destroy();
    }, GOODBYE_MS);
    await Promise.all(leaving);
    clearTimeout(late);
  }

  async #listen(): Promise<void> {
    const { stateDir, version, clock, log } = this.#options;
    const { endpoint } = this.#endpoint;
    const file: EngineFile = {
      pid: process.pid,
      startedAt: clock.now(),
      endpoint,
      protocol: PROTOCOL,
      version,
      token: this.#token,
    };
    const service = {
      engine: this.engine,
      token: file.token,
      version,
      startedAt: file.startedAt,
      log,
      onHandOver: () => void this.close(),
    };
    this.#server.on('connection', (socket) => {
      this.#clients.add(socket);
      serveEngine(service, socket, () => this.#clients.delete(socket));
    });
    this.#server.listen(endpoint);
    await once(this.#server, 'listening');
    const path = engineFilePath(stateDir);
    writeFileSync(`${path}.new`, JSON.stringify(file), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    log.info(`the engine ${version} listens, pid ${process.pid}`);
  }
}
