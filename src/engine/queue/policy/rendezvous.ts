import type { Route } from '../../../shared/settings.ts';

/**
 * A route as one recipient uses it: the transports of a group in a recipient-specific order (rendezvous hashing). The same
 * recipient always gets the same order, so that a deferred delivery is retried via the same one; recipients are spread
 * evenly; and when one of the group drops out its share is spread over all the others, while everybody else stays.
 */
export function routeOf(route: Route, recipient: string): readonly string[] {
  if (isPlain(route)) return route;
  return route.flatMap((entry) => (typeof entry === 'string' ? [entry] : inOrder(entry, recipient)));
}

function isPlain(route: Route): route is readonly string[] {
  return route.every((entry) => typeof entry === 'string');
}

function inOrder(group: readonly string[], recipient: string): string[] {
  const weighed = group.map((name) => ({ name, weight: hash(`${name}\n${recipient.toLowerCase()}`) }));
  return weighed.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
}

/** FNV-1a with a finalizer that mixes its bits well. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
