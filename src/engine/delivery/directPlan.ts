import { providerOfHost } from '../../providers/lookup.ts';
import { operatorName } from '../../shared/operatorName.ts';
import type { DirectSettings } from '../../shared/settings.ts';
import type { Destination } from '../../shared/transport.ts';
import { warmUpLimit } from '../../shared/warmUp.ts';
import type { MailHosts } from './mx.ts';

const DAY_MS = 86_400_000;
const MESSAGES_PER_CONNECTION = 100;

/** How a destination is reached. All of it is part of the destination's key, so a key is never out of date. */
export interface DirectPlan {
  groups: MailHosts['groups'];
  /** DNSSEC validated the hosts: TLSA records are looked up. */
  dane: boolean;
  /** A policy in force (RFC 8461) requires verified TLS. */
  sts: boolean;
}

export function planKey({ groups, dane, sts }: DirectPlan): string {
  const rules = `${dane ? 'dane ' : ''}${sts ? 'sts ' : ''}`;
  return `direct ${rules}${groups.map((group) => group.join(',')).join(';')}`;
}

export function parsePlan(key: string): DirectPlan {
  const [, dane, sts, hosts = ''] = /^direct (dane )?(sts )?(\S+)$/.exec(key) ?? [];
  if (hosts === '') throw new Error(`not a destination of direct delivery: ${key}`);
  return {
    groups: hosts.split(';').map((group) => group.split(',')),
    dane: dane !== undefined,
    sts: sts !== undefined,
  };
}

/** Equal MX sets are one destination; those of one provider also share its limits. */
export function directDestination(plan: DirectPlan, settings: DirectSettings, now: () => number): Destination {
  const best = plan.groups[0]?.[0] ?? '';
  const provider = providerOfHost(best);
  const takes = provider?.inbound;
  const known = takes?.windows ?? [];
  // Campaigns of older versions do not say; the day's allowance is read each time, because lanes outlive a day.
  const windows = () => {
    const count = warmUpLimit(settings.warmUp ?? '', now(), provider?.id ?? operatorName(best));
    return count === null ? known : [...known, { count, perMs: DAY_MS }];
  };
  const ceiling = takes?.maxConnections ?? Number.POSITIVE_INFINITY;
  return {
    key: planKey(plan),
    label: provider?.label ?? operatorName(best),
    limits: {
      maxConnections: Math.min(settings.maxConnectionsPerDestination, ceiling),
      maxMessagesPerConnection: takes?.maxMessagesPerConnection ?? MESSAGES_PER_CONNECTION,
      get windows() {
        return windows();
      },
    },
    ...(provider
      ? {
          operator: {
            key: provider.id,
            label: provider.label,
            maxConnections: Math.min(settings.maxConnections, ceiling),
            windows: known,
          },
        }
      : {}),
    adaptive: true,
  };
}
