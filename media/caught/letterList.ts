import type { MailboxLine, MailboxStrings } from '../../src/protocol/mailboxMessages.ts';
import { make } from '../shared/dom.ts';
import { patchChildren } from '../shared/patch.ts';

/** The letters, searched by what is shown of them; arrow keys move in the list, which is a single tab stop. */
export class LetterList {
  readonly element: HTMLElement;
  readonly #words: MailboxStrings;
  readonly #choose: (id: string) => void;
  readonly #list: HTMLElement;
  readonly #empty: HTMLElement;
  #letters: readonly MailboxLine[] = [];
  #search: string;
  #chosen = '';

  constructor(words: MailboxStrings, search: string, events: { choose(id: string): void; search(text: string): void }) {
    this.#words = words;
    this.#search = search;
    this.#choose = events.choose;
    const input = make('input', {
      type: 'search',
      class: 'mail-search',
      placeholder: words.search,
      'aria-label': words.search,
      value: search,
      spellcheck: 'false',
    });
    input.addEventListener('input', () => {
      this.#search = input.value;
      events.search(input.value);
      this.#draw();
    });
    this.#list = make('ul', { class: 'mail-list', role: 'listbox', tabindex: 0, 'aria-label': words.letters });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    this.#empty = make('p', { class: 'mail-empty' });
    this.element = make(
      'section',
      { class: 'mail-letters', 'aria-label': words.letters },
      input,
      this.#list,
      this.#empty,
    );
  }

  set(letters: readonly MailboxLine[]): void {
    this.#letters = letters;
    this.#draw();
  }

  select(id: string): void {
    this.#chosen = id;
    this.#draw();
    this.#list.querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: 'nearest' });
  }

  focus(): void {
    this.#list.focus();
  }

  get #shown(): readonly MailboxLine[] {
    const wanted = this.#search.trim().toLowerCase();
    if (wanted === '') return this.#letters;
    return this.#letters.filter(({ from, to, subject }) => `${from}\n${to}\n${subject}`.toLowerCase().includes(wanted));
  }

  #draw(): void {
    const shown = this.#shown;
    patchChildren(
      this.#list,
      shown.slice(0, 500).map((letter) => this.#row(letter)),
    );
    this.#list.hidden = shown.length === 0;
    this.#empty.hidden = shown.length > 0;
    this.#empty.textContent = this.#letters.length === 0 ? this.#words.none : this.#words.noMatch;
    const at = shown.find(({ id }) => id === this.#chosen);
    if (at) this.#list.setAttribute('aria-activedescendant', idOf(at.id));
    else this.#list.removeAttribute('aria-activedescendant');
  }

  #row({ id, to, subject, when }: MailboxLine): HTMLElement {
    return make(
      'li',
      {
        id: idOf(id),
        class: 'mail-row',
        role: 'option',
        'aria-selected': String(id === this.#chosen),
        'data-key': id,
        click: () => this.#choose(id),
      },
      make('span', { class: 'mail-to' }, to),
      make('span', { class: 'mail-when' }, when),
      make('span', { class: 'mail-subject' }, subject || this.#words.preview.noSubject),
    );
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#shown;
    const at = shown.findIndex(({ id }) => id === this.#chosen);
    const next =
      event.key === 'ArrowDown'
        ? at + 1
        : event.key === 'ArrowUp'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? shown.length - 1
              : event.key === 'Enter' || event.key === ' '
                ? Math.max(0, at)
                : -1;
    const letter = shown[next];
    if (!letter) return;
    event.preventDefault();
    this.#choose(letter.id);
  }
}

function idOf(id: string): string {
  return `letter-${id}`;
}
