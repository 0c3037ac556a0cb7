import { placeOfKey } from '../../compose/document/places.ts';
import { msg } from '../../shared/errors.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import { type Advice, finding } from './check.ts';

const DAY_MS = 86_400_000;

export const overQuota: Advice = {
  code: 'overQuota',
  check({ document, settings, list }) {
    const perDay = messagesPerDay(settings);
    if (!list || list.count <= perDay) return [];
    const text = msg(
      'The list has {0} recipients; by {1} at most {2} a day can be sent. It takes about {3} days.',
      list.count,
      settings.route.flat().join(', '),
      perDay,
      Math.ceil(list.count / perDay),
    );
    return [finding('overQuota', 'info', text, placeOfKey(document, 'recipients'))];
  },
};

/** What the route takes in 24 hours: the tightest window of each server, summed when quotas spill over. */
export function messagesPerDay(settings: Pick<Settings, 'route' | 'servers' | 'whenQuotaReached'>): number {
  const names = settings.whenQuotaReached === 'next' ? settings.route.flat() : settings.route.slice(0, 1).flat();
  let sum = 0;
  for (const name of names) {
    const windows = settings.servers[name]?.windows ?? [];
    if (name === DIRECT || windows.length === 0) return Number.POSITIVE_INFINITY;
    sum += Math.min(...windows.map(({ count, perMs }) => count * Math.floor(DAY_MS / perMs)));
  }
  return sum;
}
