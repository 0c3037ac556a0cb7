import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../repository/sources.ts';

export type Language = 'en' | 'fr';

/** What the screen says in a language, asked for by the command's name or by the English sentence. */
export class Words {
  readonly #titles: Record<string, string>;
  readonly #bundle: Record<string, string> | null;

  constructor(language: Language) {
    const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;
    this.#titles = read(language === 'en' ? 'package.nls.json' : `package.nls.${language}.json`);
    this.#bundle = language === 'en' ? null : read(`l10n/bundle.l10n.${language}.json`);
  }

  /** A command's title as the palette shows it, by its name without "envoi.". */
  command(name: string): string {
    return `Envoi: ${this.title(`command.${name}`)}`;
  }

  /** A text of the manifest. */
  title(key: string): string {
    const title = this.#titles[key];
    assert.ok(title, `${key} has a text`);
    return title;
  }

  /** A sentence of the code with its values. */
  say(english: string, ...values: (string | number)[]): string {
    const template = this.#bundle ? this.#bundle[english] : english;
    assert.ok(template, `${english} has a translation`);
    return template.replace(/\{(\d+)\}/g, (slot, index) => String(values[Number(index)] ?? slot));
  }

  /** A sentence whose values are not known, as a pattern; each value is a group. */
  pattern(english: string): RegExp {
    const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(
      this.say(english)
        .split(/\{\d+\}/)
        .map(quote)
        .join('(.+?)'),
    );
  }
}
