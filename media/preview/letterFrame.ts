import type { PreviewScheme } from '../../src/protocol/previewMessages.ts';
import { make } from '../shared/dom.ts';
import { applyScheme } from './scheme.ts';
import { type Anchor, lineAtTop, offsetOfLine } from './scrollLines.ts';

const GUARD_MS = 200;
/** A letter whose images are slow is shown without them; they come in as they arrive. */
const PATIENCE_MS = 400;

export interface FrameEvents {
  scrolled(line: number): void;
  reveal(line: number): void;
  /** A link under the pointer or the focus; "" when it is left. */
  target(url: string): void;
  open(url: string): void;
  shown(page: Document): void;
}

/**
 * Shows letters in two frames in turn: the new one loads out of sight, takes over the scroll position, and only then
 * the old one goes. The frames run no scripts; this page reaches into them to scroll, measure and hold links back.
 */
export class LetterFrame {
  readonly element: HTMLElement;
  readonly #events: FrameEvents;
  readonly #title: string;
  #shown: HTMLIFrameElement | null = null;
  #loading: HTMLIFrameElement | null = null;
  #scheme: PreviewScheme = 'light';
  #width = 0;
  #bodyLine = 1;
  #hasLines = false;
  #ownScrollUntil = 0;
  #html = '';
  /** Where the editor is, when it said so before there were lines to scroll to. */
  #wantedLine: number | null = null;

  constructor(title: string, events: FrameEvents) {
    this.#title = title;
    this.#events = events;
    this.element = make('div', { class: 'stage' });
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  get page(): Document | null {
    return this.#shown?.contentDocument ?? null;
  }

  get scroll(): number {
    return this.page?.scrollingElement?.scrollTop ?? 0;
  }

  show(srcdoc: string, bodyLine: number, hasLines: boolean, scroll: number | null): void {
    this.#bodyLine = bodyLine;
    this.#hasLines = hasLines;
    if (srcdoc === this.#html && (this.#shown || this.#loading)) return;
    this.#html = srcdoc;
    this.#loading?.remove();
    const frame = make('iframe', { sandbox: 'allow-same-origin', title: this.#title, class: 'letter waiting' });
    frame.srcdoc = srcdoc;
    this.#loading = frame;
    const swap = () => {
      if (this.#loading !== frame || !frame.contentDocument?.body) return;
      this.#loading = null;
      const top = scroll ?? this.scroll;
      const page = frame.contentDocument;
      applyScheme(page, this.#scheme);
      this.#ownScrollUntil = performance.now() + GUARD_MS;
      page.scrollingElement?.scrollTo({ top, behavior: 'instant' });
      const line = this.#wantedLine;
      if (line !== null) requestAnimationFrame(() => this.scrollToLine(line));
      this.#listen(frame, page);
      frame.classList.remove('waiting');
      this.#shown?.remove();
      this.#shown = frame;
      this.#events.shown(page);
    };
    frame.addEventListener('load', swap, { once: true });
    setTimeout(() => frame.contentDocument?.readyState !== 'loading' && swap(), PATIENCE_MS);
    this.element.append(frame);
    this.#fit();
  }

  setScheme(scheme: PreviewScheme): void {
    this.#scheme = scheme;
    this.element.dataset.scheme = scheme;
    if (this.page) applyScheme(this.page, scheme);
  }

  /** Layout width in CSS pixels; 0 = as wide as there is room, but never narrower than a desktop's reading pane. */
  setWidth(width: number): void {
    this.#width = width;
    this.element.dataset.device = width === 0 ? 'desktop' : width > 500 ? 'tablet' : 'phone';
    this.#fit();
  }

  scrollToLine(line: number): void {
    const page = this.page;
    this.#wantedLine = line;
    if (!page || !this.#hasLines) return;
    this.#wantedLine = null;
    const top = offsetOfLine(anchorsOf(page, this.#bodyLine), line, page.scrollingElement?.scrollHeight ?? 0);
    this.#ownScrollUntil = performance.now() + GUARD_MS;
    page.scrollingElement?.scrollTo({ top, behavior: 'instant' });
  }

  /** A narrow column shows a whole device's width, made smaller. */
  #fit(): void {
    const room = this.element.clientWidth - (this.#width === 0 ? 0 : 32);
    const height = this.element.clientHeight - (this.#width === 0 ? 0 : 32);
    const width = this.#width === 0 ? Math.max(room, 640) : this.#width;
    const scale = Math.min(1, room / width);
    this.element.style.setProperty('--letter-width', `${width}px`);
    this.element.style.setProperty('--letter-height', `${Math.floor(height / scale)}px`);
    this.element.style.setProperty('--letter-scale', String(scale));
    this.element.style.setProperty('--letter-left', `${Math.max(0, (this.element.clientWidth - width * scale) / 2)}px`);
  }

  #listen(frame: HTMLIFrameElement, page: Document): void {
    const linkOf = (target: EventTarget | null) =>
      target && 'closest' in target ? (target as Element).closest('a[href], area[href]') : null;
    const urlOf = (link: Element | null) => link?.getAttribute('href')?.trim() ?? '';
    for (const kind of ['click', 'auxclick'] as const) {
      page.addEventListener(kind, (event) => {
        const mouse = event as MouseEvent;
        const link = linkOf(event.target);
        if (!link && !(event.target as Element | null)?.closest?.('button, input, label, summary')) return;
        event.preventDefault();
        if (kind === 'click' && link && (mouse.ctrlKey || mouse.metaKey)) this.#events.open(urlOf(link));
        else this.#events.target(urlOf(link));
      });
    }
    page.addEventListener('submit', (event) => event.preventDefault());
    page.addEventListener('dragstart', (event) => event.preventDefault());
    page.addEventListener('mouseover', (event) => this.#events.target(urlOf(linkOf(event.target))));
    page.addEventListener('mouseleave', () => this.#events.target(''));
    page.addEventListener('focusin', (event) => this.#events.target(urlOf(linkOf(event.target))));
    page.addEventListener('focusout', () => this.#events.target(''));
    page.addEventListener('dblclick', (event) => {
      const marked = (event.target as Element | null)?.closest?.('[data-line]');
      if (marked) this.#events.reveal(this.#bodyLine + Number(marked.getAttribute('data-line')));
    });
    // Keys pressed in a frame inside the webview never reach the editor by themselves.
    for (const kind of ['keydown', 'keyup'] as const) {
      page.addEventListener(kind, (event) => {
        if (!window.dispatchEvent(new KeyboardEvent(kind, event))) event.preventDefault();
      });
    }
    page.addEventListener(
      'scroll',
      () => {
        if (frame !== this.#shown || !this.#hasLines || performance.now() < this.#ownScrollUntil) return;
        this.#ownScrollUntil = 0;
        const line = lineAtTop(anchorsOf(page, this.#bodyLine), page.scrollingElement?.scrollTop ?? 0);
        if (line !== null) this.#events.scrolled(line);
      },
      { passive: true },
    );
  }
}

function anchorsOf(page: Document, bodyLine: number): Anchor[] {
  const top = page.scrollingElement?.scrollTop ?? 0;
  return [...page.querySelectorAll('[data-line]')].map((element) => ({
    line: bodyLine + Number(element.getAttribute('data-line')),
    top: element.getBoundingClientRect().top + top,
  }));
}
