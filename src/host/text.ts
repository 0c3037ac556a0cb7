import * as vscode from 'vscode';
import type { Text } from '../shared/errors.ts';
import { type Words, wordsIn } from '../shared/words.ts';

/** Turns a Text into words. Pure code takes it as an argument; `format` stands in where nothing is translated. */
export type Say = (text: Text) => string;

/** The person's language, from the bundles in `l10n/`. */
export const words: Words = wordsIn(vscode.env.language, (template) => vscode.l10n.t(template));

export const say: Say = words.say;
