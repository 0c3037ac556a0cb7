import { createHash } from 'node:crypto';
import { type ListProfile, ProfileBuilder } from '../compose/index.ts';
import { checkNewsletter } from '../letter/checks/checkNewsletter.ts';
import { type Finding, msg, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { type Gathered, openList } from './gather.ts';

/** One pass over the list, before anybody is asked anything. */
export interface Survey {
  /** Null when the list is empty. */
  profile: ListProfile | null;
  /** Of the list's bytes, hex. */
  sha256: string;
  refused: { invalid: number; duplicate: number };
}

export async function surveyList(gathered: Gathered): Promise<Survey> {
  const hash = createHash('sha256');
  let builder: ProfileBuilder | null = null;
  for await (const batch of openList(gathered.recipientsPath, gathered.path, hash)) {
    builder ??= new ProfileBuilder(gathered.recipientsPath, batch.header);
    for (const row of batch.rows) builder.add(row);
    for (const row of batch.refused) builder.refuse(row);
  }
  const profile = builder?.profile ?? null;
  const counts = Object.entries(profile?.refused ?? {});
  const refused = { invalid: 0, duplicate: 0 };
  for (const [reason, count] of counts) refused[reason === 'duplicate' ? 'duplicate' : 'invalid'] += count;
  return { profile, sha256: hash.digest('hex'), refused };
}

/** Throws a UserError when nobody is left to write to. */
export function requireSomebody(gathered: Gathered, { profile, refused }: Survey): number {
  if (profile && profile.count > 0) return profile.count;
  throw new UserError(
    'emptyList',
    msg('The list has no row with a good address ({0} refused).', refused.invalid + refused.duplicate),
    msg('See why with “envoi check”.'),
    { file: gathered.recipientsPath },
  );
}

/** Advice on the letter with its list; what was found before is not repeated. */
export function adviceOn(gathered: Gathered, profile: ListProfile | null): Finding[] {
  const { document, compiled, settings, findings } = gathered;
  const { newsletter } = compiled;
  const advice = checkNewsletter({ document, newsletter, settings, ...(profile ? { list: profile } : {}) });
  return advice.filter(({ code }) => !findings.some((known) => known.code === code));
}

/** The row whose values a test or a rendering takes: by address or number, else the first. */
export async function findRow(gathered: Gathered, wanted: string | undefined): Promise<Recipient | null> {
  if (gathered.recipientsPath === '') return null;
  let seen = 0;
  for await (const { rows } of openList(gathered.recipientsPath, gathered.path)) {
    const found = rows.find(
      (row, at) => wanted === undefined || row.address === wanted || String(seen + at + 1) === wanted,
    );
    if (found) return found;
    seen += rows.length;
  }
  if (wanted === undefined) return null;
  throw new UserError(
    'noRecipient',
    msg('The list has no recipient {0}.', wanted),
    msg('Give an address of the list, or a number from 1 to {0}.', seen),
  );
}
