import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownServer } from '../../../src/engine/delivery/index.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { EngineDeps } from '../../../src/engine/engineDeps.ts';
import { isStaleConnection, judge } from '../../../src/engine/verdict/judge.ts';
import type { CampaignDraft } from '../../../src/protocol/engineApi.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import { type Log, silentLog } from '../../../src/shared/log.ts';
import type { ReportRow } from '../../../src/shared/reportRow.ts';
import { DIRECT, type Route, type Settings } from '../../../src/shared/settings.ts';
import { compile } from '../../compose/letter.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { type FakeScript, FakeTransport } from '../../support/fakeTransport.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const { newsletter } = await compile('---\nsubject: Hello {{ name }}\nkind: internal\n---\nDear {{ name }}.\n', {
  fields: ['name'],
});
if (!newsletter) throw new Error('the letter does not compile');

interface Wish {
  kind?: 'send' | 'test';
  settings?: Partial<Settings>;
  hours?: CampaignDraft['hours'];
  startAt?: number;
  secrets?: Record<string, string>;
  letter?: CampaignDraft['letter'];
}

/** An engine on a fake clock over scripted transports, in a state directory of its own. */
export class Harness {
  readonly clock = new FakeClock();
  readonly stateDir = mkdtempSync(join(tmpdir(), 'envoi-engine-'));
  readonly transports: Record<string, FakeTransport> = {};
  engine!: Engine;
  autostart = true;
  log: Log = silentLog;
  /** How the test of a server ends. */
  testServer: (settings: Settings, server: string) => ReturnType<EngineDeps['testServer']> = async () => ({
    steps: [],
    end: null,
  });
  routeFor: (settings: Settings, domain: string) => Route | Promise<Route> = (settings, domain) =>
    settings.domainRoutes[domain] ?? settings.route;

  /** Scripts by transport name; every name but "direct" becomes a server. */
  static async start(scripts: Record<string, FakeScript>): Promise<Harness> {
    const harness = new Harness();
    for (const [name, script] of Object.entries(scripts))
      harness.transports[name] = new FakeTransport(name, harness.clock, script);
    await harness.open();
    return harness;
  }

  async open(): Promise<void> {
    this.engine = await Engine.create({
      stateDir: this.stateDir,
      clock: this.clock,
      log: this.log,
      createTransport: (name, settings) => {
        if (name !== DIRECT && !settings.servers[name]) throw unknownServer(name);
        return this.transport(name);
      },
      judge,
      isStale: isStaleConnection,
      routeFor: (settings, domain) => this.routeFor(settings, domain),
      askEvidence: async () => [],
      testServer: (settings, server) => this.testServer(settings, server),
      autostart: this.autostart,
    });
  }

  /** As after a clean stop and a new start of the machine. */
  async restart(): Promise<void> {
    await this.stop();
    await this.open();
  }

  async stop(): Promise<void> {
    const closing = this.engine.close();
    await this.clock.advance(60_000);
    await closing;
  }

  transport(name: string): FakeTransport {
    const transport = this.transports[name];
    if (!transport) throw new Error(`no transport ${name}`);
    return transport;
  }

  settings(wish: Partial<Settings> = {}): Settings {
    const names = Object.keys(this.transports).filter((name) => name !== 'direct');
    const servers = Object.fromEntries(
      names.map((name) => [name, { ...defaultServer, host: `${name}.example`, auth: 'none' as const }]),
    );
    return { ...defaultSettings, servers, route: Object.keys(this.transports), ...wish };
  }

  async send(id: string, addresses: readonly string[], wish: Wish = {}): Promise<void> {
    await this.prepare(id, addresses, wish);
    await this.engine.start({ draft: id, startAt: wish.startAt ?? 0, secrets: wish.secrets ?? {} });
  }

  async prepare(id: string, addresses: readonly string[], wish: Wish = {}): Promise<void> {
    if (!newsletter) return;
    await this.engine.createDraft({
      draft: id,
      campaign: {
        kind: wish.kind ?? 'send',
        newsletter,
        settings: this.settings(wish.settings),
        document: { path: 'letter.md', text: 'Dear {{ name }}.', commit: '' },
        recipients: { path: 'list.csv', sha256: '' },
        ...(wish.hours ? { hours: wish.hours } : {}),
        ...(wish.letter ? { letter: wish.letter } : {}),
      },
    });
    const rows = addresses.map((address, n) => ({ line: n + 2, address, fields: { name: `Reader ${n}` } }));
    await this.engine.addRows({ draft: id, sequence: 0, rows, refused: [] });
  }

  async state(id: string): Promise<string> {
    return (await this.engine.get({ campaign: id })).state;
  }

  /** Moves time on until the campaign is done, or in the state given. */
  async until(id: string, state = 'done', withinMs?: number): Promise<void> {
    let now = '';
    const watch = () => {
      void this.state(id).then((found) => {
        now = found;
      });
      return now === state;
    };
    await this.clock.until(watch, withinMs);
  }

  async counts(id: string): Promise<Record<string, number>> {
    const { counts } = await this.engine.get({ campaign: id });
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  async rows(id: string): Promise<readonly ReportRow[]> {
    return this.engine.report({ campaign: id, after: 0, limit: 5000 });
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

export function addresses(count: number, domains = 1): string[] {
  return Array.from({ length: count }, (_, n) => `r${n}@d${n % domains}.example`);
}
