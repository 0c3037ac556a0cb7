import { parseDuration } from './duration.ts';
import { msg } from './errors.ts';
import { LINKS_LIVE_MS } from './unsubscribeToken.ts';
import type { ValueReader } from './valueReader.ts';

const DAY_MS = 86_400_000;
/** A hundred years: a longer span cannot be meant. */
const LONGEST_MS = 36_500 * DAY_MS;

/** The setting `envoi.keepCampaigns`: days as a whole number, or "1095d"; null keeps them forever. */
export function readKeepCampaigns(reader: ValueReader, value: unknown): { forMs: number } | null {
  if (value === undefined || value === null) return null;
  const forMs = typeof value === 'number' ? value * DAY_MS : parseDuration(String(value));
  if (forMs !== null && forMs >= LINKS_LIVE_MS && forMs <= LONGEST_MS && forMs % 1 === 0) return { forMs };
  const path = ['envoi.keepCampaigns'];
  if (forMs !== null && forMs < LINKS_LIVE_MS)
    reader.wrong(path, msg('180 days or more, so that unsubscribe links keep working that long'), value);
  else reader.wrong(path, msg('a number of days or a duration, such as {0}', '365, "365d"'), value);
  return null;
}
