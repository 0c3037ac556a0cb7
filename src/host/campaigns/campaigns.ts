import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engineApi.ts';
import type { CampaignSnapshot, CampaignState } from '../../shared/campaign.ts';

/** What the window knows about the campaigns: the engine's latest snapshot of each, newest first. */
export class Campaigns implements vscode.Disposable {
  readonly #byId = new Map<string, CampaignSnapshot>();
  readonly #changed = new vscode.EventEmitter<CampaignSnapshot>();
  /** One campaign has a new snapshot. */
  readonly onDidChange = this.#changed.event;

  all(): readonly CampaignSnapshot[] {
    return [...this.#byId.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  get(id: string): CampaignSnapshot | undefined {
    return this.#byId.get(id);
  }

  put(snapshot: CampaignSnapshot): void {
    this.#byId.set(snapshot.id, snapshot);
    this.#changed.fire(snapshot);
  }

  /** It was deleted. */
  remove(id: string): void {
    const snapshot = this.#byId.get(id);
    this.#byId.delete(id);
    if (snapshot) this.#changed.fire(snapshot);
  }

  /** Takes the whole list from an engine just reached. */
  async load(engine: EngineApi): Promise<void> {
    for (const snapshot of await engine.list()) this.put(snapshot);
  }

  inState(...states: readonly CampaignState[]): readonly CampaignSnapshot[] {
    return this.all().filter((snapshot) => states.includes(snapshot.state));
  }

  /**
   * The campaign once it is done, cancelled, or needs a person; or when everything left has
   * been deferred. Returns its state when the token is cancelled.
   */
  settled(id: string, token: vscode.CancellationToken): Promise<CampaignSnapshot> {
    return new Promise((resolve, reject) => {
      const listening: vscode.Disposable[] = [];
      const end = () => {
        const snapshot = this.#byId.get(id);
        for (const item of listening) item.dispose();
        if (snapshot) resolve(snapshot);
        else reject(new Error(`no campaign ${id}`));
      };
      const look = () => {
        const snapshot = this.#byId.get(id);
        if (!snapshot || isSettled(snapshot)) end();
      };
      listening.push(
        this.onDidChange((snapshot) => {
          if (snapshot.id === id) look();
        }),
        token.onCancellationRequested(end),
      );
      look();
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export const unfinishedStates: readonly CampaignState[] = ['scheduled', 'running', 'paused', 'needsAction'];

function isSettled(snapshot: CampaignSnapshot): boolean {
  if (snapshot.state === 'done' || snapshot.state === 'cancelled' || snapshot.state === 'needsAction') return true;
  const { queued, sending, deferred } = snapshot.counts;
  return deferred > 0 && queued === 0 && sending === 0;
}
