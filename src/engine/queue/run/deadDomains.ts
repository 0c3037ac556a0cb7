import { isDoubtful } from '../policy/markDoubt.ts';

const MAX_DOMAINS = 20_000;
const MAX_ROWS = 1_000;
/** A second opinion that has not come by then is asked for again. */
const OPINION_MS = 120_000;

type Opinion = { kind: 'none' } | { kind: 'asked'; at: number } | { kind: 'path' } | { kind: 'reader' };

/**
 * Which domains of a campaign are there, and which are said not to exist. Where that is said of too many, while names known
 * to be good are found, it may be the name server's own rule (a filter, a split view): then it is not believed unasked.
 *
 * `believe`: the domain is dead. `ask`: this one row goes over the next transport for a second opinion. `hold`: it is being
 * asked for. `next`: the name server is at fault, others find the domain. `doubt`: there is nobody to ask.
 */
export class DeadDomains {
  readonly #found = new Set<string>();
  readonly #dead = new Set<string>();
  #rows: number[] = [];
  #opinion: Opinion = { kind: 'none' };

  found(domain: string): void {
    if (this.#found.size < MAX_DOMAINS) this.#found.add(domain);
  }

  hear(
    { domain, row, hasNext }: { domain: string; row: number; hasNext: boolean },
    now: number,
  ): 'believe' | 'ask' | 'hold' | 'next' | 'doubt' {
    if (this.#dead.size < MAX_DOMAINS) this.#dead.add(domain);
    const doubtful = isDoubtful({ answered: this.#found.size + this.#dead.size, marked: this.#dead.size });
    const { kind } = this.#opinion;
    if (!doubtful || kind === 'reader') {
      if (kind !== 'reader' && this.#rows.length < MAX_ROWS) this.#rows.push(row);
      return 'believe';
    }
    if (!hasNext) return 'doubt';
    if (kind === 'path') return 'next';
    if (this.#opinion.kind === 'asked' && now - this.#opinion.at < OPINION_MS) return 'hold';
    this.#opinion = { kind: 'asked', at: now };
    return 'ask';
  }

  /** What the one row came to. Returns the rows that were given up and may be there after all. */
  answered(opinion: 'path' | 'reader' | 'none'): readonly number[] {
    this.#opinion = { kind: opinion };
    return opinion === 'path' ? this.#rows.splice(0) : [];
  }

  /** Those given up before it was doubted; each once. */
  takeBack(): readonly number[] {
    return this.#rows.splice(0);
  }
}
