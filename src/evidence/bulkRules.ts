import { providerOfId } from '../providers/lookup.ts';
import type { BulkRules, BulkWish } from '../providers/provider.ts';
import { msg, type Text } from '../shared/errors.ts';
import type { EvidenceItem, SenderQuestion } from '../shared/evidence.ts';
import type { Predicted } from './dmarc/predict.ts';
import { item } from './item.ts';

/** Whether each of a provider's requirements is met; null = could not be checked. */
export type Fulfilled = Readonly<Record<BulkWish, boolean | null>>;

/** What the large providers require of bulk senders, for the number of readers the list has there. */
export function bulkItems({ providers }: SenderQuestion, fulfilled: Fulfilled): EvidenceItem[] {
  const counted = Object.entries(providers).sort(([, a], [, b]) => b - a);
  return counted.flatMap(([id, readers]): EvidenceItem[] => {
    const provider = providerOfId(id);
    return provider?.bulk ? [rulesItem(provider.label, provider.bulk, readers, fulfilled)] : [];
  });
}

function rulesItem(label: string, { from, wants, source, date }: BulkRules, readers: number, fulfilled: Fulfilled) {
  const found = `${source} (${date})`;
  if (readers < from) {
    const text = msg(
      '{0}: {1} of your readers, fewer than the {2} a day at which its bulk sender rules apply.',
      label,
      readers,
      from,
    );
    return item('bulkRules', 'passed', text, found);
  }
  const missing = wants.filter((wish) => fulfilled[wish] === false);
  if (missing.length > 0) {
    const text = msg(
      '{0}: {1} of your readers. It requires {2}, which is missing.',
      label,
      readers,
      wishesText(missing),
    );
    return item('bulkRules', 'failed', text, found);
  }
  const open = wants.filter((wish) => fulfilled[wish] === null);
  if (open.length > 0) {
    const text = msg(
      '{0}: {1} of your readers. It requires {2}, which could not be checked.',
      label,
      readers,
      wishesText(open),
    );
    return item('bulkRules', 'unasked', text, found);
  }
  const text = msg('{0}: {1} of your readers; its requirements are met: {2}.', label, readers, wishesText(wants));
  return item('bulkRules', 'passed', text, found);
}

const wishes: Record<BulkWish, Text> = {
  spf: msg('SPF'),
  dkim: msg('DKIM'),
  dmarc: msg('DMARC'),
  oneClick: msg('one-click unsubscribe'),
};

function wishesText(which: readonly BulkWish[]): Text {
  return which.map((wish) => wishes[wish]).reduce((all, text) => msg('{0}, {1}', all, text));
}

/** Every route must have it: a reader gets the letter via whichever is free. */
export function fulfilledBy(
  { settings, newsletter }: SenderQuestion,
  found: { spf: ReadonlyMap<string, string>; predicted: readonly Predicted[]; policy: boolean | null },
): Fulfilled {
  const all = (states: readonly (boolean | null)[]) =>
    states.includes(false) ? false : states.includes(null) ? null : true;
  const { predicted, policy } = found;
  const spf = predicted.map(({ way }) => {
    const outlook = found.spf.get(way.name);
    // The provider's own envelope has the provider's own record.
    return way.envelope === '' || outlook === 'pass' ? true : outlook === 'fail' ? false : null;
  });
  const dkim = predicted.map(({ alignment }) => (alignment === 'dkim' ? true : alignment === 'unknown' ? null : false));
  return {
    spf: all(spf),
    dkim: all(dkim),
    dmarc: policy,
    oneClick: !newsletter || /^https:/i.test(settings.unsubscribe.url),
  };
}
