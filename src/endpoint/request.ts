import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What a request asks for; its content is untrusted. */
export type EndpointRequest =
  | { kind: 'list'; query: string; log: string; after: number }
  | { kind: 'leave'; token: string | undefined };

/** base64url of 32 octets, as in the letter's link. */
const TOKEN = /^[\w-]{43}$/;

/**
 * With `after=` in its query the engine asks; anything else is a reader's link, with the token as `t=` or `token=`
 * or as the last part of the path. The path does not matter, as a proxy may change it.
 */
export function parseEndpointRequest(url: string): EndpointRequest {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const values = new URLSearchParams(query);
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (values.has('after')) {
    const after = Number(values.get('after'));
    return { kind: 'list', query, log: values.get('log') ?? '', after: Number.isSafeInteger(after) ? after : 0 };
  }
  const token = [values.get('t'), values.get('token'), last].find((each) => each && TOKEN.test(each));
  return { kind: 'leave', token: token ?? undefined };
}

/** The client's address; behind a proxy on this machine, the one the proxy reports. */
export function clientOf(request: IncomingMessage): string {
  const peer = request.socket.remoteAddress ?? '';
  if (!/^(::ffff:)?127\.|^::1$/.test(peer)) return peer;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return forwarded && isIP(forwarded) ? forwarded : peer;
}

/** Reads and discards a body; resolves with whether it was within `most` octets. */
export async function drainBody(request: IncomingMessage, most: number): Promise<boolean> {
  let seen = 0;
  for await (const piece of request) {
    seen += (piece as Buffer).length;
    if (seen > most) return false;
  }
  return true;
}
