import { msg, type Text } from '../../shared/errors.ts';
import type { Words } from '../../shared/words.ts';
import type { Confirmation } from './confirmation.ts';

/** A line of the page “Before You Send”. Whoever knows something that a person should see before sending delivers one. */
export interface BeforeLine {
  section: 'look' | 'list' | 'checks';
  level: 'info' | 'warning';
  text: Text;
  /** Where it is: an address the page can link to, and how it is called. */
  place?: { href: string; label: string };
}

const sections: Record<BeforeLine['section'], Text> = {
  look: msg('Look at this first'),
  list: msg('The list'),
  checks: msg('Warnings and hints'),
};

/** The page as Markdown: what the confirmation says, and all that it has no room for. */
export function beforeYouSend(
  { question, lines, notes }: Confirmation,
  more: readonly BeforeLine[],
  { say }: Words,
): string {
  const all: readonly BeforeLine[] = [
    ...notes.map((text): BeforeLine => ({ section: 'look', level: 'warning', text: msg('{0}', text) })),
    ...more,
  ];
  const page = [`# ${say(msg('Before You Send'))}`, '', `**${escaped(question)}**`, '', '|  |  |', '| --- | --- |'];
  for (const { label, text } of lines) page.push(`| ${escaped(label)} | ${escaped(text)} |`);
  for (const section of ['look', 'list', 'checks'] as const) {
    const found = all.filter((line) => line.section === section);
    if (found.length === 0) continue;
    page.push('', `## ${say(sections[section])}`, '');
    for (const { level, text, place } of found) {
      const link = place ? ` ([${escaped(place.label)}](${place.href}))` : '';
      page.push(`- ${level === 'warning' ? '⚠ ' : ''}${escaped(say(text))}${link}`);
    }
  }
  return `${page.join('\n')}\n`;
}

/** Nothing that comes from a letter, a list or a file name becomes a link, an image or markup. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&$]/g, '\\$&');
}
