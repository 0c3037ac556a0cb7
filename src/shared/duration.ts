import { msg, type Text } from './errors.ts';

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const perMs = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The longest span accepted. */
const LONGEST = 60;

/** Reads "30s", "5m", "2h", "2d" or "1h30m"; milliseconds, or null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !/^(?:\d+(?:\.\d+)?\s*(?:ms|[smhd])\s*)+$/.test(trimmed)) return null;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhd])/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  }
  return Math.round(total);
}

/** Reads "10/second", "500/hour" or "2000/day" (also "per"); null when it is neither. */
export function parseRate(text: string): { count: number; perMs: number } | null {
  const match = /^\s*(\d+)\s*(?:\/|per)\s*(second|minute|hour|day)\s*$/i.exec(text);
  const unit = Object.entries(perMs).find(([name]) => name === match?.[2]?.toLowerCase())?.[1];
  const count = Number(match?.[1]);
  return match && unit && count > 0 ? { count, perMs: unit } : null;
}

/** As it is written in the settings; "" for a span the settings have no word for. */
export function rateSetting({ count, perMs: span }: { count: number; perMs: number }): string {
  const unit = Object.entries(perMs).find(([, ms]) => ms === span)?.[0];
  return unit ? `${count}/${unit}` : '';
}

/** A limit for people: “500/hour”. */
export function rateText({ count, perMs: span }: { count: number; perMs: number }): Text {
  switch (span) {
    case perMs.second:
      return msg('{0}/second', count);
    case perMs.minute:
      return msg('{0}/minute', count);
    case perMs.hour:
      return msg('{0}/hour', count);
    case perMs.day:
      return msg('{0}/day', count);
    default:
      return msg('{0} in {1}', count, spanText(span));
  }
}

/** A span for people, two units at most: "2 h 5 min". */
export function spanText(ms: number): Text {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return msg('{0} s', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return seconds < 600 && seconds % 60 ? minutesText(seconds) : msg('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? msg('{0} h {1} min', hours, minutes % 60) : msg('{0} h', hours);
  const days = Math.floor(hours / 24);
  return hours % 24 ? msg('{0} d {1} h', days, hours % 24) : msg('{0} d', days);
}

function minutesText(seconds: number): Text {
  return msg('{0} min {1} s', Math.floor(seconds / 60), seconds % 60);
}
