import * as vscode from 'vscode';
import type { Text } from '../shared/errors.ts';

/** Turns a Text into words. Pure code takes it as an argument; `format` stands in where nothing is translated. */
export type Say = (text: Text) => string;

/** The person's language, from the bundles in `l10n/`. */
export const say: Say = (text) =>
  vscode.l10n.t(text.template, ...text.args.map((value) => (typeof value === 'object' ? say(value) : value)));
