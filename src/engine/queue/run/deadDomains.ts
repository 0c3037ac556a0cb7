import { isDoubtful } from '../policy/markDoubt.ts';

const MAX_DOMAINS = 20_000;
const MAX_ROWS = 1_000;
/** A second opinion that has not arrived by then is asked for again. */
const OPINION_MS = 120_000;

type Opinion = { kind: 'none' } | { kind: 'asked'; at: number } | { kind: 'path' } | { kind: 'reader' };

/**
 * Which domains of a campaign exist, and which are reported not to exist. When too many are, while names known to be good
 * are found, the name server itself may be the cause (a filter, a split view): then it is not believed without a check.
 *
 * `believe`: the domain is dead. `ask`: this one row uses the next transport for a second opinion. `hold`: one is
 * pending. `next`: the name server is at fault, others find the domain. `doubt`: there is no second opinion to be had.
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

  /** The result of the one row. Returns the rows that were given up and may exist after all. */
  answered(opinion: 'path' | 'reader' | 'none'): readonly number[] {
    this.#opinion = { kind: opinion };
    return opinion === 'path' ? this.#rows.splice(0) : [];
  }

  /** Rows given up before the doubt arose; each once. */
  takeBack(): readonly number[] {
    return this.#rows.splice(0);
  }
}
