import { providerOfHost, submissionOf } from '../providers/lookup.ts';
import { domainOf, foldAddress, parseMailbox } from '../shared/address.ts';
import type { LearnedLimit } from '../shared/campaign.ts';
import { parseRate } from '../shared/duration.ts';
import { msg, UserError } from '../shared/errors.ts';
import { PROBE_EVERY_MS, type ServerProbe } from '../shared/serverProbe.ts';
import { DIRECT, type ServerSettings, type Settings } from '../shared/settings.ts';
import type { Window } from '../shared/transport.ts';

const HOUR_MS = 3_600_000;
/** The share of a quota's remainder that a test may use. */
const SHARE = 0.5;

/**
 * The server that may be tested in depth. Throws a UserError for direct delivery and for a provider's own mail server without a
 * sign-in, which is the same: their limits are for mail from anybody, and tests there cost reputation.
 */
export function probedServer({ servers }: Pick<Settings, 'servers'>, name: string): ServerSettings {
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
  const direct = name === DIRECT || (server?.auth === 'none' && isOthers(server.host));
  if (direct) {
    throw new UserError(
      'probeDirect',
      msg('Direct delivery cannot be tested in depth: providers would treat so many test messages as spam.'),
      msg(
        'Name a server you have an account with. “envoi servers test direct” tries direct delivery without a message.',
      ),
    );
  }
  if (server) return server;
  throw new UserError(
    'unknownServer',
    msg('The settings have no server “{0}”.', name),
    msg('Add it to envoi.servers, or pass the settings with --config.'),
  );
}

function isOthers(host: string): boolean {
  return providerOfHost(host) !== undefined && submissionOf(host) === undefined;
}

/** The bare addresses of the person's own test recipients. Throws a UserError where there is none that may be mailed. */
export function probeRecipients(
  { testRecipients }: Pick<Settings, 'testRecipients'>,
  isSuppressed: (address: string, domain: string) => boolean,
): string[] {
  const found = new Map<string, string>();
  for (const text of testRecipients) {
    const parsed = parseMailbox(text);
    if (!parsed.ok || isSuppressed(parsed.address, domainOf(parsed.address))) continue;
    found.set(foldAddress(parsed.address), parsed.address);
  }
  if (found.size > 0) return [...found.values()];
  throw new UserError(
    'noRecipient',
    msg('There is no test recipient to send the test messages to.'),
    msg('Add your own address to envoi.testRecipients.'),
    { file: 'settings.json', key: 'envoi.testRecipients' },
  );
}

/**
 * How many messages a test may cost: half of what is left of each quota for an hour or longer, be it set, published by the
 * provider or learned from a refusal. Throws a UserError where nothing is left.
 */
export function allowedMessages(
  wanted: number,
  server: Pick<ServerSettings, 'host' | 'windows'>,
  learned: LearnedLimit | null,
  sentSince: (perMs: number) => number,
): number {
  const published = (submissionOf(server.host)?.limits?.quota ?? []).map(parseRate).filter((rate) => rate !== null);
  const quotas: Window[] = [...server.windows, ...published, ...(learned ? [learned] : [])];
  let allowed = wanted;
  for (const { count, perMs } of quotas) {
    if (perMs >= HOUR_MS) allowed = Math.min(allowed, Math.floor(SHARE * (count - sentSince(perMs))));
  }
  if (allowed >= 1) return allowed;
  throw new UserError(
    'probeQuota',
    msg('This server’s sending limit leaves no messages for a test.'),
    msg('Test it when the limit has been reset. Nothing was sent.'),
  );
}

/** Throws a UserError where the server was tested in depth within a day. */
export function refuseAgain(name: string, last: ServerProbe | null, now: number): void {
  // If nothing could be reached, nothing was tested.
  const counts = last && (last.ended !== 'unreachable' || last.messages > 0);
  if (!counts || last.at <= now - PROBE_EVERY_MS) return;
  throw new UserError(
    'probedToday',
    msg('{0} was tested in depth within the last 24 hours.', name),
    msg('Use --again to repeat the test. “envoi servers” shows the results.'),
  );
}
