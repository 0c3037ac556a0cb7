import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Material, type Sending, settingsFor } from './material.ts';
import type { Command } from './measured.ts';

export interface Run extends Sending {
  list: string;
  messages: number;
}

/** Something that sends a list; a process of its own each time. */
export interface Client {
  name: string;
  isHere: boolean;
  /** Whether it signs where that is asked. */
  signs: boolean;
  prepare(material: Material, run: Run): Promise<Command>;
}

const SMTP_SOURCE = '/usr/sbin/smtp-source';

/** Envoi as built in `root`: from the CSV to the last outcome on disk. */
export function envoi(name: string, root: string): Client {
  return {
    name,
    isHere: existsSync(join(root, 'dist/cli.cjs')),
    signs: true,
    prepare: async ({ folder }, run) => {
      const state = join(folder, 'state');
      await rm(state, { recursive: true, force: true });
      await writeFile(join(folder, 'settings.json'), settingsFor(run));
      const options = ['--config', join(folder, 'settings.json'), '--recipients', run.list, '--state', state];
      const command = ['send', join(folder, 'letter.md'), ...options, '--yes', '--json'];
      return node(join(root, 'dist/cli.cjs'), command);
    },
  };
}

function script(name: string, file: string): Client {
  return {
    name,
    isHere: true,
    signs: true,
    prepare: async ({ folder }, { list, port, connections, dkim }) =>
      node(join(import.meta.dirname, 'peers', file), [
        folder,
        list,
        String(port),
        String(connections),
        ...(dkim ? ['dkim'] : []),
      ]),
  };
}

export const nodemailer = script('nodemailer pool + liquidjs', 'nodemailer.ts');

/** No store, no retries: what composing, signing and writing cost at least. */
export const bound = script('bound (throw-away)', 'bound.ts');

/** One ready message again and again: neither filled in nor signed. */
export const smtpSource: Client = {
  name: 'smtp-source -d',
  isHere: existsSync(SMTP_SOURCE),
  signs: false,
  prepare: async ({ htmlBytes }, { port, connections, messages }) => ({
    file: SMTP_SOURCE,
    args: ['-d', '-s', connections, '-m', messages, '-l', htmlBytes, '-f', 'a@sender.example', '-t', 'b@d0.example']
      .map(String)
      .concat(`127.0.0.1:${port}`),
  }),
};

export const python: Client = {
  name: 'Python smtplib',
  isHere: spawnSync('python3', ['--version']).status === 0,
  signs: false,
  prepare: async ({ folder }, { list, port, connections }) => ({
    file: 'python3',
    args: [join(import.meta.dirname, 'peers/python.py'), folder, list, String(port), String(connections)],
  }),
};

function node(script: string, args: readonly string[]): Command {
  return { file: process.execPath, args: ['--disable-warning=ExperimentalWarning', script, ...args] };
}
