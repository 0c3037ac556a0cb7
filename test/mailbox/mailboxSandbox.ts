import assert from 'node:assert/strict';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { Sandbox } from '../cli/sandbox.ts';
import { Dovecot } from '../support/dovecot.ts';
import { type Received, SmtpServer } from '../support/smtpServer.ts';

export interface Read {
  counts: Record<string, unknown> | undefined;
  suppressed: [entry: unknown, reason: unknown][];
}

/** A sandbox with a relay that takes everything, and a real mailbox to which its letters' bounces come. */
export class MailboxSandbox {
  readonly dovecot: Dovecot;
  readonly smtp: SmtpServer;
  sandbox: Sandbox;

  private constructor(dovecot: Dovecot, smtp: SmtpServer, sandbox: Sandbox) {
    this.dovecot = dovecot;
    this.smtp = smtp;
    this.sandbox = sandbox;
  }

  static async open(): Promise<MailboxSandbox> {
    await ensurePackages(imapPackages);
    const opened = new MailboxSandbox(await Dovecot.start(), await SmtpServer.start(), await Sandbox.make());
    await opened.#settle();
    return opened;
  }

  async close(): Promise<void> {
    await this.dovecot.stop();
    await this.smtp.close();
    await this.sandbox.remove();
  }

  /** The same mailbox and relay, and everything else new. */
  async anew(): Promise<void> {
    await this.sandbox.remove();
    this.sandbox = await Sandbox.make();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    const { dovecot, sandbox } = this;
    const mailbox = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user };
    const bounces = { ...mailbox, authServer: 'mx.sender.example' };
    await sandbox.writeSettings(this.smtp.port, {}, { 'envoi.mailboxes': { bounces } });
  }

  /** Sends a letter, and gives back its campaign. */
  async send(letter = 'letter.md'): Promise<string> {
    this.smtp.messages.length = 0;
    const { code, lines, stderr } = await this.sandbox.json(`send ${letter} --yes --config envoi.json`);
    assert.equal(code, 0, stderr);
    return String(lines.find(({ campaign }) => campaign !== undefined)?.campaign);
  }

  async read(env: Record<string, string> = {}): Promise<Read> {
    const { code, lines, stderr } = await this.sandbox.json('mailbox read --config envoi.json --trust', {
      ENVOI_PASSWORD_BOUNCES: this.dovecot.password,
      ...env,
    });
    assert.equal(code, 0, stderr);
    return {
      counts: lines.find(({ event }) => event === 'mailbox'),
      suppressed: lines.filter(({ event }) => event === 'suppressed').map(({ entry, reason }) => [entry, reason]),
    };
  }

  /** The letter that was last sent to a reader. */
  received(address: string): Received {
    return this.smtp.messages.find(({ to }) => to[0] === address) ?? assert.fail(address);
  }

  idOf(address: string): string {
    return /^Message-ID: (<[^>]+>)/im.exec(this.received(address).data.toString())?.[1] ?? assert.fail(address);
  }

  /** Whoever is not mailed any more, in order. */
  async suppressions(): Promise<string[]> {
    return (await this.sandbox.json('suppressions')).lines.map(({ entry }) => String(entry));
  }
}
