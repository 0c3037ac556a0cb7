import { msg, type Text } from '../../shared/errors.ts';
import type { Words } from '../../shared/words.ts';
import type { Confirmation } from './confirmation.ts';

/** A line of the page “Before You Send”. Every module that knows something to see before sending adds its lines. */
export interface BeforeLine {
  section: 'look' | 'plan' | 'list' | 'sender' | 'checks';
  /** The last three are results of checks. */
  level: 'info' | 'warning' | 'passed' | 'failed' | 'unasked';
  text: Text;
  /** The record or reply that was found, as it stands there. */
  found?: string;
  /** A line to paste, as a whole. */
  paste?: string;
  /** Where it is, as a URI (`#L7` for a line) or a web page, and how it is called. */
  place?: { href: string; label: string };
}

/** An action offered by the page; `href` belongs to the front door. */
export interface BeforeAction {
  label: string;
  href: string;
  primary?: boolean;
}

const sections: Record<BeforeLine['section'], Text> = {
  look: msg('Check this first'),
  plan: msg('The plan'),
  list: msg('The list'),
  sender: msg('The sender, as the network sees it'),
  checks: msg('Warnings and hints'),
};

const signs: Record<BeforeLine['level'], string> = { info: '', warning: '⚠', passed: '✓', failed: '✗', unasked: '?' };

/** Text before a result, so that it does not depend on the symbol. */
const answers: Partial<Record<BeforeLine['level'], Text>> = {
  passed: msg('Passed:'),
  failed: msg('Failed:'),
  unasked: msg('Not checked:'),
};

/** The page's content as HTML: the confirmation's content, and everything it has no room for. */
export function beforeYouSend(
  { question, lines, notes }: Confirmation,
  more: readonly BeforeLine[],
  { say }: Words,
  /** The front door's address for a place; null where there is none. */
  linkTo: (href: string) => string | null = () => null,
  actions: readonly BeforeAction[] = [],
): string {
  const all: readonly BeforeLine[] = [
    ...notes.map((text): BeforeLine => ({ section: 'look', level: 'warning', text: msg('{0}', text) })),
    ...more,
  ];
  const row = ({ label, text }: Confirmation['lines'][number]) =>
    `<tr><th scope="row">${escaped(label)}</th><td>${escaped(text)}</td></tr>`;
  const line = ({ level, text, place, found, paste }: BeforeLine) => {
    const href = place ? linkTo(place.href) : null;
    const where =
      place && (href === null ? escaped(place.label) : `<a href="${escaped(href)}">${escaped(place.label)}</a>`);
    const sign = signs[level] === '' ? '' : `<span class="sign" aria-hidden="true">${signs[level]}</span> `;
    const answer = answers[level] ? `<span class="answer">${escaped(say(answers[level]))}</span> ` : '';
    return [
      `<li class="${level}">${sign}${answer}${escaped(say(text))}`,
      where ? ` <span class="place">${where}</span>` : '',
      found ? `<pre class="found">${escaped(found)}</pre>` : '',
      paste ? `<div class="paste">${escaped(say(msg('Add to DNS:')))}<pre>${escaped(paste)}</pre></div>` : '',
      '</li>',
    ].join('');
  };
  const section = (name: BeforeLine['section']) => {
    const found = all.filter((item) => item.section === name);
    if (found.length === 0) return '';
    return `<section><h2>${escaped(say(sections[name]))}</h2><ul>${found.map(line).join('')}</ul></section>`;
  };
  const buttons = actions.map(
    ({ label, href, primary }) =>
      `<a class="${primary ? 'button primary' : 'button'}" href="${escaped(href)}">${escaped(label)}</a>`,
  );
  return [
    `<h1>${escaped(say(msg('Before You Send')))}</h1>`,
    question === '' ? '' : `<p class="question">${escaped(question)}</p>`,
    lines.length === 0 ? '' : `<table><tbody>${lines.map(row).join('')}</tbody></table>`,
    section('look'),
    section('plan'),
    section('list'),
    section('sender'),
    section('checks'),
    buttons.length > 0 ? `<p class="actions">${buttons.join('')}</p>` : '',
  ].join('');
}

/** Nothing that comes from a letter, a list or a file name becomes a link, an image or markup. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
