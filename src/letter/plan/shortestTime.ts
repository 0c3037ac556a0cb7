import type { Settings } from '../../shared/settings.ts';

/** At best: what the tightest limit of the first server allows. */
export function shortestMs(recipients: number, settings: Pick<Settings, 'route' | 'servers'>): number | null {
  const server = settings.servers[settings.route[0] ?? ''];
  if (!server) return null;
  const limits = server.windows.map(({ count, perMs }) =>
    perMs >= 3_600_000 ? Math.floor(Math.max(0, recipients - 1) / count) * perMs : (recipients / count) * perMs,
  );
  const pauses = server.pause ? Math.floor(Math.max(0, recipients - 1) / server.pause.every) * server.pause.forMs : 0;
  const longest = Math.max(0, pauses, ...limits);
  return longest > 0 ? longest : null;
}
