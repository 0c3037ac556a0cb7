import { msg } from './errors.ts';
import type { SendingHours } from './settings.ts';
import type { ValueReader } from './valueReader.ts';

const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The setting `envoi.sendingHours`: `{ days: ["monday", …], from: "09:00", to: "17:30", zone: "Europe/Paris" }`. */
export function readSendingHours(reader: ValueReader, value: unknown): SendingHours | null {
  if (value === undefined || value === null) return null;
  const path = ['envoi.sendingHours'];
  const raw = reader.object(path, value, ['days', 'from', 'to', 'zone']);
  if (Object.keys(raw).length === 0) return null;
  const names = reader.texts([...path, 'days'], raw.days, dayNames);
  const days = names.map((name) => dayNames.indexOf(name.toLowerCase()));
  if (days.includes(-1) || days.length === 0)
    reader.wrong([...path, 'days'], msg('days such as {0}', '"monday"'), raw.days);
  const fromMinute = minute(reader, [...path, 'from'], raw.from, 0);
  const toMinute = minute(reader, [...path, 'to'], raw.to, 24 * 60);
  if (fromMinute >= toMinute) reader.wrong([...path, 'to'], msg('a time after “from”'), raw.to);
  const zone = reader.text([...path, 'zone'], raw.zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    reader.wrong([...path, 'zone'], msg('a time zone such as {0}', '"Europe/Paris"'), raw.zone);
  }
  return { days: days.filter((day) => day >= 0), fromMinute, toMinute, zone };
}

function minute(reader: ValueReader, path: readonly string[], value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const match = typeof value === 'string' ? /^(\d{1,2}):(\d{2})$/.exec(value) : null;
  const total = Number(match?.[1]) * 60 + Number(match?.[2]);
  if (match && Number(match[2]) < 60 && total <= 24 * 60) return total;
  reader.wrong(path, msg('a time of day such as {0}', '"09:00"'), value);
  return fallback;
}
