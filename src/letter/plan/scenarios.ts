import { allProviders } from '../../providers/all.ts';
import { submissionOf } from '../../providers/lookup.ts';
import { parseRate } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Behaviour, Scenario } from '../../shared/foresight.ts';
import { DIRECT, type Settings } from '../../shared/settings.ts';
import type { ScenarioName } from './scenarioNames.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const scenarioTitles: Record<ScenarioName, Text> = {
  published: msg('an ordinary day, on which each provider keeps to its published limits'),
  greylisting: msg('many receiving servers defer unknown senders for 15 minutes'),
  dead: msg('the first server is down for two hours'),
  silent: msg('the first server accepts connections but does not respond for an hour'),
  port25: msg('this network blocks port 25'),
  slow: msg('all servers are ten times slower'),
  drops: msg('one connection in fifty is lost before the last byte of a message'),
  strict: msg('the large providers reject direct mail'),
};

/** A scenario made of the settings and of what is known of their providers. */
export function scenarioOf(name: ScenarioName, settings: Settings): Scenario {
  const [first = DIRECT] = settings.route.flat();
  switch (name) {
    case 'published':
      return { name, behaviours: published(settings) };
    case 'greylisting':
      return {
        name,
        behaviours: { [DIRECT]: { ...usual, greylists: { share: 0.6, forMs: 15 * MINUTE } }, '*': usual },
      };
    case 'dead':
      return { name, behaviours: { [first]: { down: { how: 'refused', fromMs: 0, forMs: 2 * HOUR } } } };
    case 'silent':
      return { name, behaviours: { [first]: { down: { how: 'silent', fromMs: 0, forMs: HOUR } } } };
    case 'port25':
      return { name, behaviours: { [DIRECT]: { down: { how: 'blocked', fromMs: 0 } } } };
    case 'slow':
      return {
        name,
        behaviours: { '*': { connectMs: 4_000, messageMs: 1_200 }, [DIRECT]: { connectMs: 8_000, messageMs: 4_000 } },
      };
    case 'drops': {
      const drops = { share: 0.02, at: 'before' } as const;
      return { name, behaviours: { '*': { drops }, [DIRECT]: { drops } } };
    }
    case 'strict': {
      const refuses = '550 5.7.1 mail from your IP address is not accepted, it is on a block list';
      const large = allProviders.filter(({ domains }) => domains.length > 0).map(({ id }) => `${DIRECT} ${id}`);
      return { name, behaviours: Object.fromEntries(large.map((id) => [id, { refuses }])) };
    }
    default:
      return name satisfies never;
  }
}

/** Every list has a few addresses that do not exist. */
const usual: Behaviour = { unknown: 0.01 };

/** The providers' published limits, from the provider data. */
function published({ servers }: Settings): Record<string, Behaviour> {
  const behaviours: Record<string, Behaviour> = {
    '*': usual,
    [DIRECT]: { ...usual, greylists: { share: 0.05, forMs: 5 * MINUTE } },
  };
  for (const [name, { host }] of Object.entries(servers)) {
    const limits = submissionOf(host)?.limits;
    if (!limits) continue;
    const windows = [limits.rate ?? '', ...(limits.quota ?? [])].map(parseRate).filter((window) => window !== null);
    const { maxConnections } = limits;
    behaviours[name] = { windows, ...(maxConnections === undefined ? {} : { maxConnections }) };
  }
  for (const { id, inbound } of allProviders) {
    if (!inbound) continue;
    const { maxConnections, maxMessagesPerConnection, windows } = inbound;
    behaviours[`${DIRECT} ${id}`] = {
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(maxMessagesPerConnection === undefined ? {} : { maxMessagesPerConnection }),
      ...(windows ? { windows } : {}),
    };
  }
  return behaviours;
}
