import { placeOfKey } from '../../compose/document/places.ts';
import { rateText } from '../../shared/duration.ts';
import { msg } from '../../shared/errors.ts';
import { DIRECT } from '../../shared/settings.ts';
import { type Advice, finding } from './check.ts';

const DAY_MS = 86_400_000;

/** A day's quota is smaller than the list. How long that takes is for a forecast to say. */
export const overQuota: Advice = {
  code: 'overQuota',
  check({ document, settings, list }) {
    if (!list) return [];
    const names = settings.whenQuotaReached === 'next' ? settings.route.flat() : settings.route.slice(0, 1).flat();
    const smallest = names.map((name) => {
      const windows = (name === DIRECT ? undefined : settings.servers[name]?.windows) ?? [];
      return windows.filter(({ count, perMs }) => perMs >= DAY_MS && count < list.count);
    });
    const [[window] = []] = smallest;
    // Where one of the ways has no such limit the rest goes there.
    if (!window || smallest.some((windows) => windows.length === 0)) return [];
    const text = msg(
      'The list has {0} recipients, and {1} accepts at most {2}. You will see how long it takes before you send.',
      list.count,
      names[0] ?? '',
      rateText(window),
    );
    return [finding('overQuota', 'info', text, placeOfKey(document, 'recipients'))];
  },
};
