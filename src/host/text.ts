import * as vscode from 'vscode';
import type { Text } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { type Words, wordsIn } from '../shared/words.ts';

/** Turns a Text into words. Pure code takes it as an argument; `format` stands in where nothing is translated. */
export type Say = (text: Text) => string;

/** The person's language, from the bundles in `l10n/`. */
export const words: Words = wordsIn(vscode.env.language, (template) => vscode.l10n.t(template));

export const say: Say = words.say;

const WHOLE = ['full_name', 'fullname', 'display_name', 'name'];
const FIRST = ['first_name', 'firstname', 'given_name', 'prenom', 'prénom', 'vorname'];
const LAST = ['last_name', 'lastname', 'surname', 'family_name', 'nom', 'nom_de_famille', 'nachname'];

/** Whom a person would say a row is: the whole name, of one column or two, else the address. */
export function readerName({ fields, address }: Pick<Recipient, 'fields' | 'address'>): string {
  const find = (names: readonly string[]) => names.map((name) => fields[name]?.trim()).find((name) => name) ?? '';
  return find(WHOLE) || [find(FIRST), find(LAST)].filter((part) => part !== '').join(' ') || address;
}
