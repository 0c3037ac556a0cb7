import type { Reply } from '../../shared/outcome.ts';
import type { Extensions } from './extensions.ts';

/**
 * From this round trip time on, BDAT pays: it saves the reply to DATA of each connection's first message, which is worth
 * more than content sent in vain for refused recipients. On a short line DATA is as fast (bench/distance.ts).
 */
const FAR_MS = 10;
/** Larger messages use DATA: a refusal part-way through saves sending the rest, and several of them would fill memory. */
const MAX_CHUNK = 256 * 1024;
/** A connection idle for longer may have been closed by the server: a message sent whole would then be in doubt. */
const FRESH_MS = 5_000;
const FORGET_MS = 86_400_000;
const MAX_HOSTS = 10_000;

const isFar = (roundTripMs: number): boolean => roundTripMs >= FAR_MS;

/** What is known of hosts that offer CHUNKING: whether they recognize BDAT. Kept for a day. */
export class ChunkingKnowledge {
  readonly #hosts = new Map<string, { works: boolean; until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(host: string): 'works' | 'broken' | 'unknown' {
    const known = this.#hosts.get(host);
    if (!known || known.until <= this.#now()) return 'unknown';
    return known.works ? 'works' : 'broken';
  }

  learn(host: string, works: boolean): void {
    if (this.#hosts.size >= MAX_HOSTS) this.#hosts.clear();
    this.#hosts.set(host, { works, until: this.#now() + FORGET_MS });
  }
}

/** Whether BDAT is to be used on a connection at all, and how. */
export interface Chunking {
  knowledge: ChunkingKnowledge;
  /** Messages that may be unanswered at once on one connection, and so in doubt together when it breaks. */
  depth: number;
}

/**
 * What a server replies to a BDAT outside a transaction. One that knows the command misses MAIL or RCPT (503, some 554); one
 * that does not must never see content after it, because it would read it as commands.
 */
function knowsBdat({ code }: Reply): boolean {
  return code === 503 || code === 554;
}

/** How one connection uses BDAT. */
export class ChunkingUse {
  readonly #chunking: Chunking | undefined;
  readonly #host: string;
  #asked = false;

  constructor(chunking: Chunking | undefined, host: string, line: { extensions: Extensions; roundTripMs: number }) {
    const { extensions, roundTripMs } = line;
    const offered = extensions.chunking && extensions.pipelining;
    this.#chunking = offered && chunking && (chunking.depth > 1 || isFar(roundTripMs)) ? chunking : undefined;
    this.#host = host;
  }

  get depth(): number {
    return this.#chunking?.depth ?? 1;
  }

  learn(works: boolean): void {
    this.#chunking?.knowledge.learn(this.#host, works);
  }

  /** Whether a message of this many octets may be sent whole on a connection that has been idle for this long. */
  fits(octets: number, quietMs: number): boolean {
    return this.#state === 'works' && octets <= MAX_CHUNK && quietMs < FRESH_MS;
  }

  /** The command that probes for BDAT, or "" when the answer is known or pending. Pass its reply to `heard`. */
  question(): string {
    if (this.#asked || this.#state !== 'unknown') return '';
    this.#asked = true;
    return 'BDAT 0 LAST\r\n';
  }

  heard(reply: Reply): void {
    if (reply.code !== 421) this.learn(knowsBdat(reply));
  }

  get #state(): 'works' | 'broken' | 'unknown' {
    return this.#chunking?.knowledge.of(this.#host) ?? 'broken';
  }
}
