import { compileNewsletter, parseDocument } from '../../src/compose/index.ts';
import type { CampaignDraft, EngineApi } from '../../src/protocol/engineApi.ts';
import { engineMethods } from '../../src/protocol/methods.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { deliveryStates } from '../../src/shared/campaign.ts';
import { readSettings } from '../../src/shared/settingsReader.ts';

export function snapshotOf(id: string, changes: Partial<CampaignSnapshot> = {}): CampaignSnapshot {
  return {
    id,
    subject: 'Hello',
    document: 'letter.md',
    recipients: 'list.csv',
    kind: 'send',
    state: 'running',
    createdAt: 1,
    startAt: 0,
    finishedAt: 0,
    total: 10,
    counts: Object.fromEntries(deliveryStates.map((state) => [state, 0])) as CampaignSnapshot['counts'],
    refused: { invalid: 0, duplicate: 0, suppressed: 0 },
    rate: 0,
    etaAt: 0,
    attention: [],
    transports: [],
    ...changes,
  };
}

/** Remembers what it is asked; answers with what `answers` has for a method, else with nothing. */
export class FakeEngine {
  readonly calls: [method: string, request: unknown][] = [];
  readonly #listeners = new Set<(snapshot: CampaignSnapshot) => void>();
  readonly api: EngineApi;

  constructor(answers: Partial<Record<keyof EngineApi, (request: never) => unknown>> = {}) {
    const methods = engineMethods.map((method) => [
      method,
      async (request: unknown) => {
        this.calls.push([method, request]);
        return answers[method]?.(request as never);
      },
    ]);
    this.api = {
      ...Object.fromEntries(methods),
      onChange: (listener: (snapshot: CampaignSnapshot) => void) => {
        this.#listeners.add(listener);
        return { dispose: () => this.#listeners.delete(listener) };
      },
      onReturned: () => ({ dispose: () => {} }),
    } as EngineApi;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  change(snapshot: CampaignSnapshot): void {
    for (const listener of this.#listeners) listener(snapshot);
  }
}

/** A draft as the front doors make it. */
export async function realDraft(): Promise<CampaignDraft> {
  const text =
    '---\nsubject: Hello {{ name }}\nfrom: ada@sender.example\nkind: internal\ncity: Ulm\n---\nDear {{ name }}.\n';
  const { settings } = readSettings(
    {
      'envoi.servers': {
        office: { host: 'smtp.example.org', user: 'ada', quota: ['500/hour'], pause: { every: 50, for: '30s' } },
      },
      'envoi.route': ['office', 'direct'],
      'envoi.dkim': { 'sender.example': { selector: 's', privateKeyFile: 'k.pem' } },
    },
    { file: 'settings.json', baseDir: '/tmp', providers: [] },
  );
  const document = parseDocument(text, 'letter.md');
  const files = { read: () => Promise.reject(new Error('no files')) };
  const { newsletter, findings } = await compileNewsletter({ document, settings, files });
  if (!newsletter) throw new Error(`the letter does not compile: ${JSON.stringify(findings)}`);
  return {
    kind: 'send',
    newsletter,
    settings,
    document: { path: 'letter.md', text, commit: '' },
    recipients: { path: 'list.csv', sha256: '' },
  };
}
