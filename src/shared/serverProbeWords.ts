import { parseRate, rateSetting, spanText } from './duration.ts';
import { msg, type Text } from './errors.ts';
import type { ProbedRate, ProbeEnd, ProbeProgress, ServerProbe } from './serverProbe.ts';
import type { ServerSettings } from './settings.ts';
import { plural, type Words } from './words.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** “3 connections · 20 per connection · 60 per minute, 25 Nov, 84 messages”. */
export function probeSummary(probe: ServerProbe, words: Words): string {
  const limits = probeLimits(probe).map(words.say).join(' · ');
  const messages = words.say(plural('{0} message', '{0} messages', probe.messages));
  return [limits, words.day(probe.at), messages].filter((part) => part !== '').join(', ');
}

function probeLimits({ connections, perConnection, refusedAfter, rate, messages }: ServerProbe): Text[] {
  const limits: Text[] = [];
  if (connections.limit !== null) limits.push(plural('{0} connection', '{0} connections', connections.limit));
  else if (connections.seen > 1) limits.push(msg('{0} connections or more', connections.seen));
  if (perConnection.limit !== null) limits.push(msg('{0} per connection', perConnection.limit));
  if (rate) limits.push(probedRateText(rate));
  else if (refusedAfter !== null)
    limits.push(plural('rejected after {0} message', 'rejected after {0} messages', refusedAfter));
  else if (messages > 0) limits.push(plural('no limit seen in {0} message', 'no limit seen in {0} messages', messages));
  return limits;
}

export function probedRateText({ count, perMs }: ProbedRate): Text {
  if (perMs === MINUTE) return msg('{0} per minute', count);
  if (perMs === SECOND) return msg('{0} per second', count);
  return msg('{0} in {1}', count, spanText(perMs));
}

/** How it ended and what else there is to say, one sentence each. */
export function probeNotes(probe: ServerProbe): Text[] {
  const { arrived, refusedAfter, rate, perConnection } = probe;
  const notes: Text[] = [endText(probe.ended)];
  if (rate?.shape === 'window') notes.push(msg('After that time, it accepts the same number again all at once.'));
  if (rate?.shape === 'bucket') notes.push(msg('It accepts more one by one as time passes.'));
  if (!rate && refusedAfter !== null)
    notes.push(
      msg(
        'The test did not show when it accepts more: the limit covers a longer period, or more messages are needed to see it.',
      ),
    );
  if (perConnection.limit === null && perConnection.seen > 0)
    notes.push(
      plural('One connection carried {0} message.', 'One connection carried {0} messages.', perConnection.seen),
    );
  if (arrived)
    notes.push(
      msg(
        'Of the test messages that could be looked for, {0} are in the inbox, {1} in junk and {2} have not arrived.',
        arrived.inbox,
        arrived.junk,
        arrived.missing,
      ),
    );
  return notes;
}

function endText(ended: ProbeEnd): Text {
  switch (ended) {
    case 'complete':
      return msg('The test is complete.');
    case 'messages':
      return msg('The test ended when its messages were used up.');
    case 'time':
      return msg('The test ended when its time was up.');
    case 'refused':
      return msg('The server rejected a message for a reason other than its limits, so the test stopped immediately.');
    case 'unreachable':
      return msg('No connection, or no further connection, could be opened.');
    case 'cancelled':
      return msg('The test was stopped.');
    case 'campaign':
      return msg('The test ended early because a campaign began to send via this server.');
    case 'interrupted':
      return msg('The test was interrupted before anything could be recorded.');
    default:
      return ended satisfies never;
  }
}

export function progressText({ phase, messages, waitsUntil }: ProbeProgress, words: Pick<Words, 'clock'>): Text {
  if (phase === 'connections') return msg('Opening connections, without a message');
  if (phase === 'arrivals') return msg('Looking for the messages in your mailboxes');
  const sent = plural('{0} message accepted', '{0} messages accepted', messages);
  return waitsUntil > 0 ? msg('{0}; next attempt at {1}', sent, words.clock(waitsUntil, true)) : sent;
}

/** Settings of a server that respect what was found, in the words of `envoi.servers`; only those that are not set already. */
export interface ProbeSettings {
  maxConnections?: number;
  maxMessagesPerConnection?: number;
  quota?: string;
  pause?: { every: number; for: string };
}

export function probeSettings(
  { connections, perConnection, rate }: ServerProbe,
  server: ServerSettings,
): ProbeSettings {
  const { limit } = connections;
  const each = perConnection.limit;
  return {
    ...(limit !== null && limit < server.maxConnections ? { maxConnections: limit } : {}),
    ...(each !== null && each < server.maxMessagesPerConnection ? { maxMessagesPerConnection: each } : {}),
    ...(rate && !keepsTo(rate, server) ? rateSettings(rate) : {}),
  };
}

function keepsTo(rate: ProbedRate, { windows, pause }: ServerSettings): boolean {
  const slow = (count: number, perMs: number) => count / perMs <= rate.count / rate.perMs;
  return (
    windows.some(({ count, perMs }) => slow(count, perMs)) || (pause !== undefined && slow(pause.every, pause.forMs))
  );
}

/** A span that the settings have no word for is a rest after as many messages. */
function rateSettings(rate: ProbedRate): Pick<ProbeSettings, 'quota' | 'pause'> {
  const quota = rateSetting(rate);
  if (quota) return { quota };
  return { pause: { every: rate.count, for: `${Math.ceil(rate.perMs / SECOND)}s` } };
}

/** As they are written in settings.json: `"maxConnections": 3, "quota": ["60/minute"]`. "" for none. */
export function probeSettingsText({ quota, ...others }: ProbeSettings): string {
  const lines = { ...others, ...(quota ? { quota: [quota] } : {}) };
  return Object.entries(lines)
    .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
    .join(', ');
}

/** The settings that respect what was found; "" where they do already. */
export function probeRemedy(name: string, server: ServerSettings, probe: ServerProbe, words: Words): string {
  const text = probeSettingsText(probeSettings(probe, server));
  return text === '' ? '' : words.say(msg('To stay within it: {0} in envoi.servers.{1}.', text, name));
}

/** An untrusted argument, such as a tree's node that a command is called with. */
export function readProbeSettings(value: unknown): ProbeSettings {
  const { maxConnections, maxMessagesPerConnection, quota, pause } = Object(value) as Record<string, unknown>;
  const { every, for: span } = Object(pause) as Record<string, unknown>;
  const whole = (number: unknown): number is number => Number.isSafeInteger(number) && Number(number) > 0;
  return {
    ...(whole(maxConnections) ? { maxConnections } : {}),
    ...(whole(maxMessagesPerConnection) ? { maxMessagesPerConnection } : {}),
    ...(typeof quota === 'string' && parseRate(quota) ? { quota } : {}),
    ...(whole(every) && typeof span === 'string' && /^\d+s$/.test(span) ? { pause: { every, for: span } } : {}),
  };
}

/** The test message in the person's language; the number of each is put behind the subject. */
export function probeLetter(server: string, words: Words): { subject: string; text: string } {
  return {
    subject: words.say(msg('Envoi is testing the mail server {0}: message', server)),
    text: words.say(
      msg(
        'Envoi sent this message to find out how much the mail server {0} accepts. You are one of the test recipients in the settings. You do not need to do anything and can delete it.',
        server,
      ),
    ),
  };
}

/** What a person confirms. */
export function probeQuestion(
  server: string,
  { recipients, messages }: { recipients: readonly string[]; messages: number },
  forMs: number,
): Text {
  return plural(
    'Test {1} with at most {0} message, in at most {2}? It goes to {3} and nobody else.',
    'Test {1} with at most {0} messages, in at most {2}? They go to {3} and nobody else.',
    messages,
    server,
    spanText(forMs),
    recipients.join(', '),
  );
}
