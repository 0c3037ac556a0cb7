import type { PreviewStrings } from '../../src/protocol/previewMessages.ts';
import { fill, make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';
import { findText, markRanges } from './findText.ts';

/** Finds words in what is shown: the letter in its frame, its text or its source. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #words: PreviewStrings;
  readonly #where: () => Element | null;
  readonly #input: HTMLInputElement;
  readonly #count = make('span', { class: 'find-count', role: 'status' });
  #ranges: Range[] = [];
  #at = 0;
  #marked: Document | null = null;
  #before: HTMLElement | null = null;

  constructor(words: PreviewStrings, where: () => Element | null) {
    this.#words = words;
    this.#where = where;
    this.#input = make('input', {
      type: 'text',
      class: 'find-input',
      placeholder: words.find,
      'aria-label': words.find,
      spellcheck: 'false',
    });
    const tool = (label: string, name: 'previous' | 'next' | 'close', act: () => void) =>
      make('button', { type: 'button', class: 'tool', title: label, 'aria-label': label, click: act }, icon(name));
    this.element = make(
      'div',
      { class: 'find', role: 'search' },
      this.#input,
      this.#count,
      tool(words.findPrevious, 'previous', () => this.#step(-1)),
      tool(words.findNext, 'next', () => this.#step(1)),
      tool(words.close, 'close', () => this.close()),
    );
    this.element.hidden = true;
    this.#input.addEventListener('input', () => this.#look(0));
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target === this.#input) this.#step(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  open(): void {
    if (this.element.hidden) this.#before = document.activeElement as HTMLElement | null;
    this.element.hidden = false;
    this.#input.focus();
    this.#input.select();
    this.#look(this.#at);
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#unmark();
    this.#before?.focus();
  }

  /** Call when another letter or another part is shown. */
  again(): void {
    if (!this.element.hidden) this.#look(this.#at, false);
  }

  #look(at: number, scroll = true): void {
    const root = this.#where();
    this.#unmark();
    this.#ranges = root ? findText(root, this.#input.value) : [];
    this.#at = Math.min(at, Math.max(0, this.#ranges.length - 1));
    this.#marked = root?.ownerDocument ?? null;
    this.#show(scroll);
  }

  #step(by: 1 | -1): void {
    if (this.#ranges.length === 0) return;
    this.#at = (this.#at + by + this.#ranges.length) % this.#ranges.length;
    this.#show(true);
  }

  #show(scroll: boolean): void {
    const none = this.#ranges.length === 0;
    this.#count.textContent =
      this.#input.value === ''
        ? ''
        : none
          ? this.#words.findNone
          : fill(this.#words.position, this.#at + 1, this.#ranges.length);
    this.#input.classList.toggle('nothing', none && this.#input.value !== '');
    if (this.#marked) markRanges(this.#marked, this.#ranges, this.#at);
    const range = this.#ranges[this.#at];
    if (scroll) range?.startContainer.parentElement?.scrollIntoView({ block: 'center', behavior: 'instant' });
  }

  #unmark(): void {
    if (this.#marked?.defaultView) markRanges(this.#marked, [], 0);
    this.#marked = null;
  }
}
