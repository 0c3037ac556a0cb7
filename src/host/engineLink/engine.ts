import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engineApi.ts';
import { isEngineGone } from '../../protocol/engineGone.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { freshPolicy, nextRestart, type RestartPolicy } from './restartPolicy.ts';

/** One connection to an engine. `life` says whether the engine outlives this window. */
export interface EngineConnection {
  readonly api: EngineApi;
  readonly life: 'detached' | 'window';
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<void>;
  dispose(): void;
}

/** `attach` returns null when no engine runs; `start` attaches or starts one. */
export interface EngineConnector {
  attach(): Promise<EngineConnection | null>;
  start(): Promise<EngineConnection>;
}

/**
 * The window's connection to the engine. Connects on demand, passes on each new snapshot, and reconnects
 * when the connection breaks while campaigns are unfinished. Losing the window does not stop the engine.
 */
export class EngineLink implements vscode.Disposable {
  readonly #connector: EngineConnector;
  readonly #log: vscode.LogOutputChannel;
  readonly #hasWork: () => boolean;
  readonly #snapshot = new vscode.EventEmitter<CampaignSnapshot>();
  readonly #connected = new vscode.EventEmitter<EngineApi>();
  readonly #returned = new vscode.EventEmitter<void>();
  readonly #lost = new vscode.EventEmitter<'gone' | 'givenUp'>();
  readonly onDidSnapshot = this.#snapshot.event;
  /** Reached, for the first time or again. */
  readonly onDidConnect = this.#connected.event;
  /** Something came back, or the state of a mailbox has changed. */
  readonly onDidReturn = this.#returned.event;
  readonly onDidLose = this.#lost.event;
  #connection: EngineConnection | undefined;
  #connecting: Promise<EngineConnection | null> | undefined;
  #restarts: RestartPolicy = freshPolicy;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** `hasWork` says whether a lost engine is worth reconnecting to. */
  constructor(connector: EngineConnector, log: vscode.LogOutputChannel, hasWork: () => boolean) {
    this.#connector = connector;
    this.#log = log;
    this.#hasWork = hasWork;
  }

  /** The engine if this window is connected to it. */
  get current(): EngineApi | undefined {
    return this.#connection?.api;
  }

  /** Whether closing this window stops sending. */
  get life(): EngineConnection['life'] | undefined {
    return this.#connection?.life;
  }

  /** The engine; started when none runs. Throws a UserError when it cannot be. */
  async use(): Promise<EngineApi> {
    const connection = (await this.#connect(false)) ?? (await this.#connect(false));
    if (!connection) throw new Error('the engine was not started');
    return connection.api;
  }

  /** `work` with the engine; if that one closes during it, once more with the next. Only for idempotent calls. */
  async through<T>(work: (engine: EngineApi) => Promise<T>): Promise<T> {
    try {
      return await work(await this.use());
    } catch (error) {
      if (!isEngineGone(error)) throw error;
      this.#log.info('the engine was just ending; going on with the next one');
      const ended = this.#connection;
      this.#connection = undefined;
      ended?.dispose();
      return work(await this.use());
    }
  }

  /** The engine if one runs already; never starts one. */
  async attach(): Promise<EngineApi | undefined> {
    return (await this.#connect(true))?.api;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#connection?.dispose();
    this.#connection = undefined;
    for (const emitter of [this.#snapshot, this.#connected, this.#returned, this.#lost]) emitter.dispose();
  }

  /** Callers share one attempt; a caller that needs an engine does not accept another's failed look-up. */
  #connect(onlyAttach: boolean): Promise<EngineConnection | null> {
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#open(onlyAttach).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #open(onlyAttach: boolean): Promise<EngineConnection | null> {
    const connection = onlyAttach ? await this.#connector.attach() : await this.#connector.start();
    if (!connection) return null;
    if (this.#disposed) {
      connection.dispose();
      return null;
    }
    this.#connection = connection;
    const listening = [
      connection.api.onChange((snapshot) => this.#snapshot.fire(snapshot)),
      connection.api.onReturned(() => this.#returned.fire()),
    ];
    void connection.closed.then(() => {
      for (const each of listening) each.dispose();
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#onLost();
    });
    this.#log.info(`connected to the engine (${connection.life})`);
    this.#connected.fire(connection.api);
    return connection;
  }

  #onLost(): void {
    if (this.#disposed) return;
    this.#log.info('the connection to the engine ended');
    this.#lost.fire('gone');
    if (this.#hasWork()) this.#goBack();
  }

  #goBack(): void {
    const step = nextRestart(this.#restarts, Date.now());
    if (step.kind === 'giveUp') {
      this.#log.error('the engine ended again and again; giving up');
      this.#lost.fire('givenUp');
      return;
    }
    this.#restarts = step.policy;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.use().catch((error: unknown) => {
        this.#log.warn(`the engine could not be reached: ${error instanceof Error ? error.message : String(error)}`);
        if (!this.#disposed) this.#goBack();
      });
    }, step.afterMs);
  }
}
