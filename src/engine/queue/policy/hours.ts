import type { SendingHours } from '../../../shared/settings.ts';

const MINUTE = 60_000;

/** 0 when mail may leave at `now`, else the time at which the hours open next. Daylight saving is handled by the zone. */
export function hoursOpenAt(hours: SendingHours | null, now: number): number {
  if (!hours || isOpen(hours, now)) return 0;
  // The first open minute; nine days cover any weekday and any clock change.
  const start = now - (now % MINUTE) + MINUTE;
  for (let at = start; at < now + 9 * 24 * 60 * MINUTE; at += step(hours, at)) {
    if (isOpen(hours, at)) return at;
  }
  return now + 24 * 60 * MINUTE;
}

function isOpen(hours: SendingHours, at: number): boolean {
  const { day, minute } = local(hours.zone, at);
  return hours.days.includes(day) && minute >= hours.fromMinute && minute < hours.toMinute;
}

/** Skips ahead to the opening when it is far, a quarter of an hour at most, so that a clock change is not missed. */
function step(hours: SendingHours, at: number): number {
  const { minute } = local(hours.zone, at);
  const until = hours.fromMinute > minute ? hours.fromMinute - minute : 24 * 60 - minute + hours.fromMinute;
  return Math.max(1, Math.min(until, 15)) * MINUTE;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function local(zone: string, at: number): { day: number; minute: number } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  return { day: dayNames.indexOf(parts.weekday ?? ''), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}
