import type { Settings } from '../../shared/settings.ts';

/** At best: what the tightest limit of the first server allows. */
export function shortestMs(recipients: number, settings: Pick<Settings, 'route' | 'servers'>): number | null {
  const [first = ''] = settings.route;
  // Those side by side take their shares at the same time.
  if (typeof first !== 'string') {
    const shares = first.map((name) =>
      shortestMs(Math.ceil(recipients / first.length), { ...settings, route: [name] }),
    );
    return shares.some((share) => share === null) ? null : Math.max(...shares.map(Number));
  }
  const server = settings.servers[first];
  if (!server) return null;
  const limits = server.windows.map(({ count, perMs }) =>
    perMs >= 3_600_000 ? Math.floor(Math.max(0, recipients - 1) / count) * perMs : (recipients / count) * perMs,
  );
  const pauses = server.pause ? Math.floor(Math.max(0, recipients - 1) / server.pause.every) * server.pause.forMs : 0;
  const longest = Math.max(0, pauses, ...limits);
  return longest > 0 ? longest : null;
}
