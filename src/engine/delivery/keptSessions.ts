import type { ServerSettings } from '../../shared/settings.ts';
import type { SmtpSession } from './session.ts';

/** A person may read a confirmation for so long; servers end idle connections after some minutes. */
const KEPT_MS = 60_000;

/**
 * Connections a test has opened and nobody has used yet, so that a server which has just been tried is not connected to
 * again. Each goes to the first who wants the very same: server, user and password. Left over, they are closed politely.
 */
export class KeptSessions {
  readonly #kept = new Map<string, { session: SmtpSession; timer: NodeJS.Timeout }>();
  readonly #leaving = new Set<Promise<void>>();

  keep(key: string, session: SmtpSession): void {
    this.#drop(key);
    const timer = setTimeout(() => this.#drop(key), KEPT_MS);
    timer.unref();
    this.#kept.set(key, { session, timer });
  }

  /** One that still answers, or null. */
  async take(key: string): Promise<SmtpSession | null> {
    const kept = this.#kept.get(key);
    if (!kept) return null;
    this.#kept.delete(key);
    clearTimeout(kept.timer);
    return (await kept.session.answers()) ? kept.session : null;
  }

  /** Resolves when all are closed. */
  async close(): Promise<void> {
    for (const key of [...this.#kept.keys()]) this.#drop(key);
    await Promise.all(this.#leaving);
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    clearTimeout(kept.timer);
    const leaving = kept.session.quit().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

/** What two sessions share that can stand for each other. Holds the secret: it stays in memory. */
export function sessionKey(server: ServerSettings, hello: string, secret: string): string {
  const { host, port, security, user, auth, caFile, pipelineDepth = 1 } = server;
  return JSON.stringify([host, port, security, user, auth, caFile, pipelineDepth, hello, secret]);
}
