const DAY_MS = 86_400_000;
const FIRST_DAY = 50;
const GROWTH = 1.5;
const DAYS = 30;

/**
 * How many messages a mail provider may be sent on this day of a warm-up that began on `start` (2026-11-25); null when there
 * is none, or it is over. Grows by half each day, and by a tenth more or less for each provider and day, so
 * that the volume is not the same everywhere.
 */
export function warmUpLimit(start: string, now: number, provider: string): number | null {
  if (start === '') return null;
  const day = Math.max(0, Math.floor((now - Date.parse(`${start}T00:00:00Z`)) / DAY_MS));
  if (!(day < DAYS)) return null;
  return Math.round(FIRST_DAY * GROWTH ** day * (0.9 + 0.2 * jitter(`${provider} ${day}`)));
}

function jitter(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return ((h ^ (h >>> 12)) >>> 0) / 2 ** 32;
}
