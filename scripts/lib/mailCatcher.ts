import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SMTPServer } from 'smtp-server';

export interface CatcherOptions {
  folder: string;
  port?: number;
  /** Another reply than acceptance for a recipient, as a server of the world might give it. */
  refuse?: (address: string) => { code: number; text: string } | undefined;
}

/** A mail server on loopback that delivers nothing: every message becomes an .eml file in a folder. */
export class MailCatcher {
  readonly folder: string;
  count = 0;
  readonly #server: SMTPServer;

  private constructor(options: CatcherOptions) {
    this.folder = options.folder;
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      // Its own would stand before those in our replies.
      hideENHANCEDSTATUSCODES: true,
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        const refusal = options.refuse?.(address);
        if (!refusal) return done();
        done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
      },
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo[0]?.address ?? 'unknown';
        const number = String(++this.count).padStart(4, '0');
        const file = join(this.folder, `${number}-${to.replace(/[^A-Za-z0-9@._-]/g, '_')}.eml`);
        pipeline(stream, createWriteStream(file)).then(() => done(), done);
      },
    });
  }

  static async start(options: CatcherOptions): Promise<MailCatcher> {
    mkdirSync(options.folder, { recursive: true });
    const catcher = new MailCatcher(options);
    catcher.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(catcher.#server.server, 'listening');
    catcher.#server.on('error', () => {});
    return catcher;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
