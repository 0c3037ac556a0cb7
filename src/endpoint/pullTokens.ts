import { randomBytes } from 'node:crypto';
import { msg, UserError } from '../shared/errors.ts';
import { pullSignature, SIGNATURE_HEADER } from './pullSignature.ts';
import type { LoggedToken } from './tokenLog.ts';

/** How far the engine has read. */
export interface PullCursor {
  /** Id of the log, "" at first. */
  log: string;
  after: number;
}

export interface PullOptions {
  /** The endpoint's address, the unsubscribe link without its token. */
  url: string;
  secret: string;
  cursor: PullCursor;
  /** Epoch ms. */
  now: () => number;
  signal?: AbortSignal;
}

/** Octets of one response that are read: ten thousand tokens are under 1 MB. */
const MOST_ANSWER = 2_000_000;
const PATIENCE_MS = 30_000;

/**
 * Asks the endpoint for tokens that arrived since; a page's cursor must be stored after its tokens are. A URL that is neither
 * https nor on this machine is refused. Throws a UserError that says what the endpoint answered.
 */
export async function* pullTokens(
  options: PullOptions,
): AsyncGenerator<{ tokens: readonly LoggedToken[]; cursor: PullCursor }> {
  let { cursor } = options;
  for (;;) {
    const page = await pullPage(options, cursor);
    const moved = page.log !== cursor.log || page.next > cursor.after;
    cursor = { log: page.log, after: page.next };
    yield { tokens: page.tokens, cursor };
    if (!page.more || !moved) return;
  }
}

interface Answer {
  log: string;
  next: number;
  more: boolean;
  tokens: readonly LoggedToken[];
}

async function pullPage({ url, secret, now, signal }: PullOptions, cursor: PullCursor): Promise<Answer> {
  const target = checkedEndpointUrl(url);
  target.search = new URLSearchParams({ log: cursor.log, after: String(cursor.after) }).toString();
  const signature = pullSignature(
    secret,
    target.search.slice(1),
    Math.floor(now() / 1000),
    randomBytes(16).toString('hex'),
  );
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(target, {
      headers: { [SIGNATURE_HEADER]: signature },
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    text = await limitedText(response);
  } catch (error) {
    throw unreachable(
      url,
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error),
    );
  }
  if (response.status !== 200) throw refused(url, response.status, text);
  return readAnswer(url, text);
}

/** Throws a UserError for a URL that is neither https nor on this machine. */
export function checkedEndpointUrl(written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const onThisMachine = url !== undefined && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && onThisMachine))) return url;
  throw new UserError(
    'endpointUrl',
    msg('“{0}” is not an https address.', written),
    msg('Give the address of your unsubscribe endpoint, such as https://news.example.org/u.'),
  );
}

async function limitedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > MOST_ANSWER) throw new Error('The answer is too large.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readAnswer(url: string, text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    if (isAnswer(value)) return value;
  } catch {
    // Reported below: this is not an endpoint's response.
  }
  throw unreachable(url, 'it is not an answer of an unsubscribe endpoint');
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { log, next, more, tokens } = value as Partial<Record<keyof Answer, unknown>>;
  return (
    typeof log === 'string' &&
    log.length <= 64 &&
    Number.isSafeInteger(next) &&
    typeof more === 'boolean' &&
    Array.isArray(tokens) &&
    tokens.every(
      (each: unknown) =>
        typeof each === 'object' &&
        each !== null &&
        'token' in each &&
        'at' in each &&
        typeof each.token === 'string' &&
        each.token.length <= 128 &&
        Number.isSafeInteger(each.at),
    )
  );
}

function unreachable(url: string, why: string): UserError {
  return new UserError(
    'endpointUnreachable',
    msg('The unsubscribe endpoint {0} could not be reached: {1}.', url, why.replace(/\.$/, '')),
    msg('Check its address and that it is running. No unsubscribe is lost: the endpoint keeps them.'),
  );
}

function refused(url: string, status: number, text: string): UserError {
  const remedies = {
    wrongSecret: msg('Use the same secret on both sides (ENVOI_ENDPOINT_SECRET).'),
    wrongTime: msg('Correct the clocks of both computers.'),
  };
  const why = Object.hasOwn(remedies, text) ? remedies[text as keyof typeof remedies] : undefined;
  return new UserError(
    'endpointRefused',
    msg('The unsubscribe endpoint {0} answered {1} {2}.', url, status, why ? text : ''),
    why ?? msg('Check its address and its log.'),
  );
}
