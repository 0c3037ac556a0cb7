/** The result for a link. */
export type LinkState = { kind: 'fine' } | { kind: 'status'; status: number } | { kind: 'failed'; reason: string };

export interface LinkChecker {
  /** Requests a URL; follows redirects. Rejects when there is no response. */
  ask(url: string, method: 'HEAD' | 'GET', signal: AbortSignal): Promise<number>;
  now(): number;
}

/** Results of the last day are reused. */
export type LinkMemory = Record<string, { at: number; state: LinkState }>;

const DAY_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 10_000;
const AT_ONCE = 4;
export const MOST_LINKS = 100;

/** Names of values that grant access to whoever has them; and any value long enough to be one. */
const SECRET =
  /^(?:t|token|key|apikey|api_key|sig|signature|auth|code|secret|hash|id_token|access_token|s|sid|session)$/i;

/**
 * Whether a link may be requested by somebody who is not its reader: on the web, the same for everybody, and without
 * anything that could be a reader's token. The request must not unsubscribe, confirm or vote.
 */
export function isCheckable(href: string): boolean {
  if (!/^https?:\/\/[^/?#\s]/i.test(href) || /\{[{%]|[<>\s]/.test(href) || !URL.canParse(href)) return false;
  const { searchParams, pathname, username } = new URL(href);
  if (username !== '') return false;
  if (/unsubscribe|opt-?out|desinscri|désinscri|abmelden/i.test(href)) return false;
  for (const [name, value] of searchParams) if (SECRET.test(name) || /^[\w-]{32,}$/.test(value)) return false;
  return !pathname.split('/').some((part) => /^(?=.*\d)[A-Za-z0-9_-]{32,}$/.test(part));
}

/** Requests each link once, a few at a time and one at a time per server. Results go into `memory`. */
export async function checkLinks(
  hrefs: readonly string[],
  memory: LinkMemory,
  checker: LinkChecker,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LinkState>> {
  const found = new Map<string, LinkState>();
  const byHost = new Map<string, string[]>();
  for (const href of new Set(hrefs.filter(isCheckable).slice(0, MOST_LINKS))) {
    const known = memory[href];
    if (known && checker.now() - known.at < DAY_MS) found.set(href, known.state);
    else byHost.set(new URL(href).host, [...(byHost.get(new URL(href).host) ?? []), href]);
  }
  const hosts = [...byHost.values()];
  const worker = async () => {
    for (let links = hosts.shift(); links; links = hosts.shift())
      for (const href of links) {
        if (signal.aborted) return;
        const state = await askFor(href, checker, signal);
        if (signal.aborted) return;
        found.set(href, state);
        memory[href] = { at: checker.now(), state };
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

/** Some servers do not support HEAD, or refuse it: then GET, as a browser would. */
async function askFor(href: string, checker: LinkChecker, signal: AbortSignal): Promise<LinkState> {
  const patience = () => AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const first = await checker.ask(href, 'HEAD', patience()).catch(() => 0);
    const status = first >= 200 && first < 400 ? first : await checker.ask(href, 'GET', patience());
    // A server that asks for a sign-in, or to slow down, is there.
    if (status < 400 || status === 401 || status === 403 || status === 429) return { kind: 'fine' };
    return { kind: 'status', status };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code !== '') return code;
  return cause instanceof Error ? cause.name : String(cause);
}
