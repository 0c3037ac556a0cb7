import type { FromPreview, PreviewLetter, PreviewStrings, PreviewTab } from '../../src/protocol/previewMessages.ts';
import { make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';
import type { LetterFrame } from './letterFrame.ts';
import { attachmentList, paintSource } from './panels.ts';
import { hasDarkStyles } from './scheme.ts';
import { tabs } from './tabs.ts';
import type { KeptView } from './view.ts';

export interface LetterPanels {
  tabs: HTMLElement;
  panels: HTMLElement;
  /** What is shown now and can be searched. */
  shown(): Element | null;
  choose(tab: PreviewTab): void;
  /** A letter has come, as text, with its attachments; the source is asked for when it is looked at. */
  set(letter: PreviewLetter): void;
  setSource(version: number, source: string): void;
  /** What is known of the mail programs simulated now. */
  sayHint(): void;
}

/** The message in its parts: the letter, its text, its source, what is attached. */
export function letterPanels(
  words: PreviewStrings,
  { view, keep }: KeptView,
  frame: LetterFrame,
  send: (message: FromPreview) => void,
  said: { copied(): void; changed(): void },
): LetterPanels {
  const hint = make('p', { class: 'hint' });
  const plain = make('pre', { class: 'plain', tabindex: 0, 'aria-label': words.text, role: 'region' });
  const source = make('pre', { class: 'source', tabindex: 0, 'aria-label': words.source, role: 'region' });
  const files = attachmentList(words, (index) => send({ type: 'openAttachment', index }));
  let letter: PreviewLetter | null = null;
  let sourceVersion = 0;
  const askSource = () => {
    if (view.tab === 'source' && letter && sourceVersion !== letter.version)
      send({ type: 'source', version: letter.version });
  };
  const copy = (of: HTMLElement) =>
    make(
      'button',
      {
        type: 'button',
        class: 'tool copy',
        title: words.copy,
        'aria-label': words.copy,
        click: () => {
          send({ type: 'copy', text: of.textContent ?? '' });
          said.copied();
        },
      },
      icon('copy'),
    );
  const bar = tabs(
    words.tabs,
    [
      { id: 'html', label: words.html, panel: [hint, frame.element] },
      { id: 'text', label: words.text, panel: [copy(plain), plain] },
      { id: 'source', label: words.source, panel: [copy(source), source] },
      { id: 'attachments', label: words.attachments, panel: [files.element] },
    ],
    view.tab,
    (tab: PreviewTab) => {
      keep({ tab });
      askSource();
      said.changed();
    },
  );
  const sayHint = () => {
    const { page } = frame;
    const own = page && !hasDarkStyles(page) ? words.ownMissing : words.ownHint;
    const text = { light: '', own, partial: words.partialHint, full: words.fullHint }[view.scheme];
    hint.hidden = text === '';
    hint.textContent = text;
  };
  sayHint();
  return {
    tabs: bar.element,
    panels: bar.panels,
    shown: () => ({ html: frame.page?.body ?? null, text: plain, source, attachments: files.element })[view.tab],
    choose: (tab) => bar.choose(tab),
    set(next) {
      letter = next;
      plain.textContent = next.text;
      files.set(next);
      bar.badge('attachments', next.attachments.length);
      askSource();
    },
    setSource(version, text) {
      if (version !== letter?.version) return;
      sourceVersion = version;
      source.replaceChildren(paintSource(text));
      said.changed();
    },
    sayHint,
  };
}
