import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../scripts/lib/debianPackages.ts';
import { closedPort } from './deadPorts.ts';

/** A Dovecot of its own on loopback, with one user; messages are put into its maildir as a mail server would. */
export class Dovecot {
  readonly port: number;
  readonly user = 'ada@sender.example';
  readonly password = 'only on loopback';
  readonly #folder: string;
  readonly #child: ChildProcess;
  #delivered = 0;
  readonly #made = new Set<string>();

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.#folder = folder;
    this.port = port;
    this.#child = child;
  }

  /** A mail server that delivers by itself writes into its folder `mail`, as user and group 8 where root runs it. */
  get folder(): string {
    return this.#folder;
  }

  static async start(): Promise<Dovecot> {
    const folder = await mkdtemp(join(tmpdir(), 'envoi-dovecot-'));
    await chmod(folder, 0o755);
    const port = await closedPort();
    for (const box of ['new', 'cur', 'tmp']) await mkdir(join(folder, 'mail', box), { recursive: true });
    const uid = process.getuid?.() ?? 0;
    const owner = uid === 0 ? { name: 'mail', id: 8 } : { name: process.env.USER ?? '', id: uid };
    if (uid === 0) for (const box of ['', 'new', 'cur', 'tmp']) await chown(join(folder, 'mail', box), 8, 8);
    await writeFile(join(folder, 'dovecot.conf'), configuration(folder, port, owner.name, uid === 0));
    await writeFile(
      join(folder, 'users'),
      `ada@sender.example:{PLAIN}only on loopback:${owner.id}:${owner.id}::${folder}::\n`,
    );
    const child = spawn(onPath('dovecot') ?? 'dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], {
      stdio: 'ignore',
    });
    const dovecot = new Dovecot(folder, port, child);
    await dovecot.#listening();
    return dovecot;
  }

  /** `box` as Maildir++ has it: "" is the inbox, ".Junk" a folder beside it. */
  async deliver(raw: string, box = ''): Promise<void> {
    if (!this.#made.has(box)) await this.#make(box);
    const name = `${Date.now()}.${++this.#delivered}.envoi`;
    const path = join(this.#folder, 'mail', box, 'new', name);
    await writeFile(path, raw.replace(/\r?\n/g, '\r\n'));
    if (process.getuid?.() === 0) await chown(path, 8, 8);
  }

  async #make(box: string): Promise<void> {
    const root = process.getuid?.() === 0;
    for (const part of ['', 'new', 'cur', 'tmp']) {
      const folder = join(this.#folder, 'mail', box, part);
      await mkdir(folder, { recursive: true });
      if (root) await chown(folder, 8, 8);
    }
    this.#made.add(box);
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error('Dovecot did not start.');
      const socket = connect(this.port, '127.0.0.1');
      try {
        await once(socket, 'data');
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        socket.destroy();
      }
    }
  }
}

function configuration(folder: string, port: number, user: string, root: boolean): string {
  return `base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = ${root ? 'dovecot' : user}
default_login_user = ${root ? 'dovenull' : user}
${root ? '' : `default_internal_group = ${user}\n`}passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = passwd-file
  args = ${folder}/users
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
  ${root ? '' : 'chroot ='}
}
`;
}
