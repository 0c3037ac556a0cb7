import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import { leavePage, type PageKind, type PageLook, pageLanguage, pagePolicy } from './leavePage.ts';
import { PullGuard, SIGNATURE_HEADER } from './pullSignature.ts';
import { RateLimit, type RateLimitOptions } from './rateLimit.ts';
import { clientOf, drainBody, type EndpointRequest, parseEndpointRequest } from './request.ts';
import type { TokenLog } from './tokenLog.ts';

/**
 * The page behind a letter's link (RFC 8058). It knows no readers: it stores the token and the time, and the engine, which
 * made the token, fetches them and knows whose they are.
 *
 * - POST takes the reader off the list, without cookie or redirect. The answer is the same for any token.
 * - GET shows a page with a button that posts; a link scanner changes nothing.
 * - `GET ?after=` returns the tokens to a client that has the secret (`pullSignature.ts`).
 *
 * A POST is answered with 200 only once its token is on disk.
 */
export interface LeaveServerOptions {
  log: TokenLog;
  /** What engine and endpoint share. */
  secret: string;
  look: PageLook;
  clock: Pick<Clock, 'now'>;
  diagnostics: Log;
  /** PEM, for a server without a proxy in front. */
  tls?: { cert: string; key: string };
  limit?: RateLimitOptions;
}

/** Octets of a form that says `List-Unsubscribe=One-Click`, with a margin. */
const MOST_BODY = 4096;
/** Tokens in one answer to the engine. */
const PAGE = 10_000;
/** Mailbox providers post for thousands of readers at once, from few addresses. */
const LIMIT: RateLimitOptions = { burst: 5_000, perSecond: 50 };
const HEADERS = { maxHeaderSize: 8_192, requestTimeout: 20_000, headersTimeout: 10_000, keepAliveTimeout: 5_000 };
const MOST_CONNECTIONS = 4_000;

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startLeaveServer(
  options: LeaveServerOptions,
  host: string,
  port: number,
): Promise<RunningServer> {
  const server = createLeaveServer(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createLeaveServer(options: LeaveServerOptions): Server {
  const site = new LeaveSite(options);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    site.answer(request, response).catch((error: Error) => {
      options.diagnostics.error(`A request failed: ${error.message}`);
      if (!response.headersSent) response.writeHead(503, { 'retry-after': '60' });
      response.end();
    });
  };
  const server = options.tls ? createTlsServer({ ...HEADERS, ...options.tls }, answer) : createServer(HEADERS, answer);
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = 60;
  return server;
}

class LeaveSite {
  readonly #options: LeaveServerOptions;
  readonly #limit: RateLimit;
  readonly #guard: PullGuard;

  constructor(options: LeaveServerOptions) {
    this.#options = options;
    this.#limit = new RateLimit(options.limit ?? LIMIT);
    this.#guard = new PullGuard(options.secret);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = this.#options.clock.now();
    if (!this.#limit.take(clientOf(request), now)) {
      response.writeHead(429, { 'retry-after': '60', connection: 'close' }).end();
      return;
    }
    const asked = parseEndpointRequest(request.url ?? '/');
    if (asked.kind === 'list') return this.#list(asked, request, response);
    if (request.method === 'POST') return this.#leave(asked.token, request, response);
    if (request.method === 'GET' || request.method === 'HEAD') return this.#page('ask', request, response);
    response.writeHead(405, { allow: 'GET, HEAD, POST', connection: 'close' }).end();
  }

  async #leave(token: string | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await drainBody(request, MOST_BODY))) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const { log, clock, diagnostics } = this.#options;
    if (token !== undefined && (await log.append(token, clock.now())) === 'full') {
      diagnostics.error('The log of tokens has reached its largest size; nothing more is taken.');
      response.writeHead(503, { 'retry-after': '3600' }).end();
      return;
    }
    this.#page('done', request, response);
  }

  #page(kind: PageKind, request: IncomingMessage, response: ServerResponse): void {
    const { look } = this.#options;
    const body = leavePage(kind, pageLanguage(request.headers['accept-language']), look);
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'content-security-policy': pagePolicy(look),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #list(
    asked: Extract<EndpointRequest, { kind: 'list' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { log, clock } = this.#options;
    const signature = String(request.headers[SIGNATURE_HEADER] ?? '');
    const seconds = Math.floor(clock.now() / 1000);
    const refusal = this.#guard.refuse(signature, asked.query, seconds);
    if (refusal || request.method !== 'GET') {
      response.writeHead(refusal ? 403 : 405, { connection: 'close' }).end(refusal ?? '');
      return;
    }
    const page = await log.read(asked.log === log.id ? asked.after : 0, PAGE);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ log: log.id, ...page }));
  }
}
