import type { ServerSettings } from '../../shared/settings.ts';
import type { SmtpSession } from './session.ts';

/** How long a person may take to read a confirmation; servers close idle connections after some minutes. */
const KEPT_MS = 60_000;

/**
 * Connections that a test has opened and nothing has used yet, so that a server just tested need not be connected to
 * again. Each is used once, for the same server, user and password. Those left over are closed with QUIT.
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

  /** A connection that still answers, or null. */
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

/** Sessions with the same key can replace each other. Holds the secret: it stays in memory. */
export function sessionKey(server: ServerSettings, hello: string, secret: string): string {
  const { host, port, security, user, auth, caFile, pipelineDepth = 1 } = server;
  return JSON.stringify([host, port, security, user, auth, caFile, pipelineDepth, hello, secret]);
}
