import type { Suppression } from '../../protocol/engineApi.ts';
import { msg, UserError } from '../../shared/errors.ts';

/**
 * The part of a state that goes to another machine, so that tokens and bounces find their readers there: keys, the campaigns'
 * addresses and who must not be mailed. JSON, one object per line; nothing in it can be sent.
 */
export type StateLine =
  | { envoi: 'state'; version: 1 }
  | { campaign: MovedCampaign }
  /** Of the campaign before: list line, address, when it was sent (epoch ms). */
  | { readers: readonly MovedReader[] }
  | { suppressions: readonly Suppression[] }
  | { end: true };

export interface MovedCampaign {
  id: string;
  /** The key its tokens were made with, base64. */
  key: string;
  subject: string;
  createdAt: number;
  finishedAt: number;
  letter: string;
  once: string;
}

export type MovedReader = readonly [line: number, address: string, at: number];

const LONGEST_LINE = 4_000_000;
export const READERS_A_LINE = 5_000;
const REASONS: readonly string[] = ['unsubscribed', 'bounced', 'complained', 'blocked'];

/** The lines of a file in order. Throws the UserError `notAState` where one is not valid, or the last is missing. */
export async function* stateLines(source: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<StateLine> {
  let first = true;
  let ended = false;
  let rest = '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bad = () => notAState(file);
  for await (const piece of source) {
    rest += decoded(decoder, piece, bad);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw bad();
    for (const text of lines) {
      const line = parsed(text, bad);
      if (ended || first !== 'envoi' in line) throw bad();
      first = false;
      ended = 'end' in line;
      yield line;
    }
  }
  if (!ended || rest !== '') throw bad();
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array, bad: () => UserError): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch {
    throw bad();
  }
}

function parsed(text: string, bad: () => UserError): StateLine {
  if (text.length > LONGEST_LINE) throw bad();
  try {
    const line: unknown = JSON.parse(text);
    if (isLine(line)) return line;
  } catch {
    // Reported below.
  }
  throw bad();
}

function isLine(value: unknown): value is StateLine {
  if (!isObject(value)) return false;
  if ('envoi' in value) return value.envoi === 'state' && value.version === 1;
  if ('campaign' in value) return isCampaign(value.campaign);
  if ('readers' in value) return Array.isArray(value.readers) && value.readers.every(isReader);
  if ('suppressions' in value) return Array.isArray(value.suppressions) && value.suppressions.every(isSuppression);
  return value.end === true;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most;
const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function isCampaign(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, key, subject, createdAt, finishedAt, letter, once } = value;
  const texts = isText(id, 200) && id !== '' && isText(subject, 10_000) && isText(letter, 4_096) && isText(once, 1_000);
  const isKey = isText(key, 1_000) && Buffer.from(key, 'base64').length >= 32;
  return texts && isKey && isTime(createdAt) && isTime(finishedAt);
}

function isReader(value: unknown): boolean {
  return Array.isArray(value) && isTime(value[0]) && isText(value[1], 2_000) && isTime(value[2]);
}

function isSuppression(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { entry, reason, note, at } = value;
  return isText(entry, 2_000) && isText(reason, 20) && REASONS.includes(reason) && isText(note, 500) && isTime(at);
}

function notAState(file: string): UserError {
  return new UserError(
    'notAState',
    msg('This is not a complete state export.'),
    msg('Export it again with “envoi state export”. Nothing was imported.'),
    { file },
  );
}
