import { readFileSync } from 'node:fs';

interface Theme {
  name: string;
  theme: Record<string, string>;
  themeClass: string;
}

/** What VS Code 1.139 hands its pages in three of its themes: the variables that our pages use, read from a webview. */
const read = JSON.parse(readFileSync(new URL('themes.json', import.meta.url), 'utf8')) as Record<
  string,
  Omit<Theme, 'name'>
>;

export const themes: readonly Theme[] = Object.entries(read).map(([name, theme]) => ({ name, ...theme }));
