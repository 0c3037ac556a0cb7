import * as vscode from 'vscode';
import type { EngineApi, SourceStanding, WatchedMailbox } from '../../protocol/engineApi.ts';
import { endpointUrl } from '../../shared/endpointUrl.ts';
import { UserError } from '../../shared/errors.ts';
import type { ReturnedMail } from '../../shared/returnedMail.ts';
import { mailboxAccount } from '../../shared/settings.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import type { CredentialFinder } from '../secrets/credentials.ts';
import { endpointKey, type Secrets } from '../secrets/secrets.ts';
import { readConfiguration } from '../settings.ts';
import { say } from '../text.ts';

/** Access tokens last an hour; the engine gets fresh ones well before. */
const RENEW_MS = 20 * 60_000;
/** A letter does not wait longer for one mailbox; what has been read so far counts. */
const PATIENCE_MS = 30_000;

/**
 * Tells the engine which mailboxes to watch and which endpoint to poll, with the secrets from the keyring: whenever
 * it is reached, and when the settings change. Asks no questions, and starts no engine.
 */
export class ReturnKeeper implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #engine: EngineLink;
  readonly #secrets: Secrets;
  readonly #credentials: CredentialFinder;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  readonly #timer: NodeJS.Timeout;
  #standings: readonly SourceStanding[] = [];
  #mail: readonly ReturnedMail[] = [];
  /** Something came back, or the state of a mailbox has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(
    context: vscode.ExtensionContext,
    engine: EngineLink,
    secrets: Secrets,
    credentials: CredentialFinder,
    log: vscode.LogOutputChannel,
  ) {
    this.#context = context;
    this.#engine = engine;
    this.#secrets = secrets;
    this.#credentials = credentials;
    this.#log = log;
    this.#disposables = [
      this.#changed,
      engine.onDidConnect(() => {
        void this.handOver();
        void this.#look();
      }),
      engine.onDidReturn(() => void this.#look()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('envoi.mailboxes') || event.affectsConfiguration('envoi.unsubscribe'))
          void this.handOver();
      }),
    ];
    this.#timer = setInterval(() => {
      const { mailboxes } = readConfiguration(undefined, context).settings;
      if (Object.values(mailboxes).some(({ auth }) => auth === 'oauth2')) void this.handOver();
    }, RENEW_MS);
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const item of this.#disposables) item.dispose();
  }

  /** The last state the engine reported for a mailbox's account, or an endpoint's URL. */
  standing(source: string): SourceStanding | undefined {
    return this.#standings.find((standing) => standing.source === source);
  }

  /** Returned mail for a person to read, newest first. */
  get mail(): readonly ReturnedMail[] {
    return this.#mail;
  }

  /** To the engine that this window is connected to, if it is to one. */
  async handOver(): Promise<void> {
    const engine = this.#engine.current;
    if (!engine) return;
    await this.#give(engine).catch((error: unknown) => this.#log.warn(String(error)));
  }

  /**
   * Before a letter is sent: what came back since, from sources with a secret in the keyring. What the engine watches and has read
   * is not read again. Returns what could not be read; that stops nothing.
   */
  async catchUp(engine: EngineApi): Promise<readonly string[]> {
    const { mailboxes, endpoint } = await this.#sources();
    const upToDate = (await engine.returnStandings()).filter(({ state }) => state === 'waiting');
    const behind = mailboxes.filter(
      ({ mailbox }) => !upToDate.some(({ source }) => source === mailboxAccount(mailbox)),
    );
    const failures: string[] = [];
    const reads = behind.map((watched) => engine.readMailbox({ ...watched, withinMs: PATIENCE_MS }));
    const pulls = endpoint ? [engine.pullUnsubscribes(endpoint)] : [];
    for (const result of await Promise.allSettled([...reads, ...pulls]))
      if (result.status === 'rejected') failures.push(wordsOf(result.reason));
    return failures;
  }

  async #give(engine: EngineApi): Promise<void> {
    const { mailboxes, endpoint } = await this.#sources();
    // Another window, or the command line, may have told it about its own sources: with none of our own, nothing is sent.
    if (mailboxes.length === 0 && !endpoint) return;
    await engine.watchReturns({ mailboxes, endpoint });
  }

  async #sources(): Promise<Parameters<EngineApi['watchReturns']>[0]> {
    const { settings } = readConfiguration(undefined, this.#context);
    const mailboxes: WatchedMailbox[] = [];
    for (const [name, mailbox] of Object.entries(settings.mailboxes)) {
      const secret = await this.#credentials.forMailbox(name, mailbox, true);
      if (secret) mailboxes.push({ mailbox, secret });
    }
    const url = endpointUrl(settings.unsubscribe);
    const secret = url ? await this.#secrets.get(endpointKey(url)) : undefined;
    return { mailboxes, endpoint: secret ? { url, secret } : null };
  }

  async #look(): Promise<void> {
    const engine = this.#engine.current;
    this.#standings = (await engine?.returnStandings().catch(() => undefined)) ?? this.#standings;
    this.#mail = (await engine?.returnedMail().catch(() => undefined)) ?? this.#mail;
    this.#changed.fire();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof UserError ? say(error.what) : String(error);
}
