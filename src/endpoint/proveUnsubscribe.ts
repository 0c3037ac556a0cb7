import { msg, UserError } from '../shared/errors.ts';
import {
  type PageAnswer,
  TOKEN_PLACE,
  type TokenHome,
  type UnsubscribeLink,
  type UnsubscribeProof,
} from '../shared/unsubscribeProof.ts';
import { checkedEndpointUrl, type PullCursor, pullTokens } from './pullTokens.ts';
import { isTrialToken, trialToken } from './trialToken.ts';

const PATIENCE_MS = 10_000;
/** Answers of ten thousand tokens that are read to find the end of the log. */
const MOST_PAGES = 200;

export interface ProofOptions extends UnsubscribeLink {
  /** The endpoint's address, the link without its token. */
  url: string;
  /** Epoch ms. */
  now: () => number;
  signal: AbortSignal;
}

/**
 * Tries the link as a scanner does (GET) and as a mail program does (POST, RFC 8058), with a token that belongs to no reader, and
 * asks the endpoint after each whether it has the token. Without a secret it only fetches the page. Never rejects.
 */
export async function proveUnsubscribe(options: ProofOptions): Promise<UnsubscribeProof> {
  const { secret } = options;
  const token = trialToken(secret);
  const link = options.link.replaceAll(TOKEN_PLACE, token);
  if (secret === '') return { looked: await visit(link, 'GET', options.signal) };
  const start = await readSince(options, { log: '', after: 0 }, () => {});
  const cameSince = async (): Promise<boolean | UserError> => {
    if (start instanceof UserError) return start;
    let found = false;
    const end = await readSince(options, start, (each) => {
      found ||= each === token && isTrialToken(secret, each);
    });
    return end instanceof UserError ? end : found;
  };
  const looked = await visit(link, 'GET', options.signal);
  const afterLooking = await cameSince();
  const answer = await visit(link, 'POST', options.signal);
  return { looked, clicked: { answer, home: homeOf(afterLooking, await cameSince()) } };
}

function homeOf(afterLooking: boolean | UserError, afterClicking: boolean | UserError): TokenHome {
  if (typeof afterLooking !== 'boolean') return refused(afterLooking);
  if (typeof afterClicking !== 'boolean') return refused(afterClicking);
  return { kind: 'fetched', afterLooking, afterClicking };
}

function refused({ what, remedy }: UserError): TokenHome {
  return { kind: 'refused', text: msg('{0} {1}', what, remedy) };
}

/** Each token that arrived after the cursor; where the log ends, or why it could not be read. */
async function readSince(
  { url, secret, now, signal }: ProofOptions,
  cursor: PullCursor,
  see: (token: string) => void,
): Promise<PullCursor | UserError> {
  let end = cursor;
  let pages = 0;
  try {
    for await (const page of pullTokens({ url, secret, now, signal, cursor })) {
      for (const { token } of page.tokens) see(token);
      end = page.cursor;
      if (++pages === MOST_PAGES) break;
    }
    return end;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Redirects are not followed: a mail program does not follow them either. */
async function visit(link: string, method: 'GET' | 'POST', signal: AbortSignal): Promise<PageAnswer> {
  try {
    const response = await fetch(checkedEndpointUrl(link), {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      ...(method === 'POST' ? { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) } : {}),
    });
    await response.body?.cancel();
    return { kind: 'answered', status: response.status, location: response.headers.get('location') ?? '' };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'unreachable', detail: cause instanceof Error ? cause.message : String(cause) };
  }
}
