const HOUR_MS = 3_600_000;

/** In an hour (on the quarter), tomorrow at nine, next Monday at nine; in order, each once. Local time. */
export function suggestedTimes(now: number): number[] {
  const quarter = 15 * 60_000;
  const soon = Math.ceil((now + HOUR_MS) / quarter) * quarter;
  const tomorrow = atNine(now, 1);
  const weekday = new Date(now).getDay();
  const monday = atNine(now, weekday === 0 ? 1 : 8 - weekday);
  return [...new Set([soon, tomorrow, monday])].sort((a, b) => a - b);
}

function atNine(now: number, days: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 9).getTime();
}

/** Reads "2026-12-24 09:00", with an optional zone ("Z", "+02:00"); local time without one. Null when it is not a time. */
export function parseTime(text: string): number | null {
  const match = /^\s*(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})\s*(Z|[+-]\d{2}:?\d{2})?\s*$/i.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > new Date(year, month, 0).getDate() || hour > 23 || minute > 59)
    return null;
  const zone = match[6]?.toUpperCase();
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute).getTime();
  const offset = zone === 'Z' ? 0 : offsetMinutes(zone);
  return Date.UTC(year, month - 1, day, hour, minute) - offset * 60_000;
}

function offsetMinutes(zone: string): number {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
