import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachEngine } from '../../src/attach/attachEngine.ts';
import { Daemon } from '../../src/engine/daemon/daemon.ts';
import { relayTimeouts } from '../../src/engine/delivery/timeouts.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { pinCampaign } from '../../src/letter/submit.ts';
import type { EngineApi } from '../../src/protocol/engineApi.ts';
import type { EngineClient } from '../../src/protocol/engineClient.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { silentLog } from '../../src/shared/log.ts';
import type { ServerSettings, Settings } from '../../src/shared/settings.ts';
import { realDraft } from '../protocol/fakeEngine.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';

// A silent server is given up sooner than it is in earnest.
const timeouts = { ...relayTimeouts, connect: 700 };
const DOMAINS = 6;

/** The whole engine with its daemon in a folder of its own, and servers on loopback that end with it. */
export class WholeEngine {
  readonly daemon: Daemon;
  readonly #folder: string;
  readonly #ends: (() => unknown)[] = [];
  readonly #windows: EngineClient[] = [];

  private constructor(daemon: Daemon, folder: string) {
    this.daemon = daemon;
    this.#folder = folder;
  }

  static async open(): Promise<WholeEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'envoi-whole-'));
    const createEngine = () => openEngine({ stateDir: folder, log: silentLog, labAddresses: '127.0.0.0/8', timeouts });
    const parts = { stateDir: folder, version: '1.0.0', clock: systemClock, log: silentLog, createEngine };
    return new WholeEngine((await Daemon.start(parts)) ?? assert.fail('the lock is taken'), folder);
  }

  get engine(): EngineApi {
    return this.daemon.engine;
  }

  /** `end` is called after the engine was closed. */
  onClose(end: () => unknown): void {
    this.#ends.push(end);
  }

  async close(): Promise<void> {
    for (const window of this.#windows) window.dispose();
    await this.daemon.close();
    for (const end of this.#ends) await end();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async serve(...how: Parameters<typeof SmtpServer.start>): Promise<SmtpServer> {
    const server = await SmtpServer.start(...how);
    this.onClose(() => server.close());
    return server;
  }

  async attach(): Promise<EngineClient> {
    const stateDir = this.#folder;
    const window = await attachEngine({ stateDir, client: 'editor', version: '1.0.0', log: silentLog });
    assert.ok(window, 'no engine');
    this.#windows.push(window);
    return window;
  }

  /** Domains of as many operators, whose mail servers are all on loopback. Gives back the name server. */
  async names(): Promise<string> {
    const zone = Array.from({ length: DOMAINS }, (_, n): [string, object][] => [
      [`d${n}.example`, { MX: [{ preference: 10, exchange: `mx.host${n}.example` }] }],
      [`mx.host${n}.example`, { A: ['127.0.0.1'] }],
    ]);
    const dns = await DnsServer.start(Object.fromEntries(zone.flat()));
    this.onClose(() => dns.close());
    return `127.0.0.1:${dns.port}`;
  }

  async send(
    engine: EngineApi,
    addresses: readonly string[],
    settings: Partial<Settings>,
    secrets: Record<string, string> = {},
  ): Promise<string> {
    const rows = addresses.map((address, n) => ({ line: n + 2, address, fields: { name: `Reader ${n}` } }));
    const { id } = await pinCampaign(engine, {
      campaign: { ...(await realDraft()), settings: { ...defaultSettings, ...settings } },
      assets: [],
      read: () => Promise.reject(new Error('no files')),
      attachmentPaths: null,
      batches: (async function* () {
        yield { rows, refused: [] };
      })(),
      startAt: 0,
      secrets,
    });
    return id;
  }
}

export function addressesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `r${n}@d${n % DOMAINS}.example`);
}

export function relay(port: number, more: Partial<ServerSettings> = {}): ServerSettings {
  return { ...defaultServer, host: '127.0.0.1', port, security: 'none', auth: 'none', ...more };
}

/** Resolves with the first snapshot that fits, as one who watches sees them. */
export function seen(
  engine: EngineApi,
  campaign: string,
  fits: (snapshot: CampaignSnapshot) => boolean,
): Promise<CampaignSnapshot> {
  return new Promise((resolve, reject) => {
    const look = (snapshot: CampaignSnapshot) => {
      if (snapshot.id !== campaign || !fits(snapshot)) return;
      watch.dispose();
      resolve(snapshot);
    };
    const watch = engine.onChange(look);
    engine.get({ campaign }).then(look, reject);
  });
}

export const is = (state: CampaignSnapshot['state']) => (snapshot: CampaignSnapshot) => snapshot.state === state;

export const receivers = (...servers: SmtpServer[]) =>
  servers.flatMap(({ messages }) => messages.map(({ to }) => to[0])).sort();
