import type {
  FromReport,
  ReportAttempt,
  ReportFilter,
  ReportLine,
  ReportStrings,
} from '../../src/protocol/reportMessages.ts';
import { choice, make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';
import { patchChildren } from '../shared/patch.ts';
import { recipientColumns, recipientRows } from './recipientRows.ts';
import { table } from './table.ts';

const TYPING_MS = 250;

type Send = (message: FromReport) => void;

/** The list of recipients: filtered and searched by the engine, a page at a time, attempts on demand. */
export class RecipientList {
  readonly element: HTMLElement;
  readonly #words: ReportStrings;
  readonly #send: Send;
  readonly #kept: (filter: ReportFilter, search: string) => void;
  readonly #body = make('tbody', {});
  readonly #more: HTMLButtonElement;
  readonly #empty: HTMLElement;
  readonly #filters: ReturnType<typeof choice<ReportFilter>>;
  readonly #open = new Map<number, readonly ReportAttempt[] | null>();
  #query = 0;
  #filter: ReportFilter;
  #search: string;
  #lastId = 0;
  #pages = 1;
  #lines: ReportLine[] = [];

  constructor(
    words: ReportStrings,
    start: { filter: ReportFilter; search: string },
    send: Send,
    kept: (filter: ReportFilter, search: string) => void,
  ) {
    this.#words = words;
    this.#send = send;
    this.#kept = kept;
    this.#filter = start.filter;
    this.#search = start.search;
    const options: { value: ReportFilter; label: string; icon: null }[] = [
      { value: 'all', label: words.all, icon: null },
      { value: 'sent', label: words.sent, icon: null },
      { value: 'failed', label: words.failed, icon: null },
      { value: 'waiting', label: words.waiting, icon: null },
      { value: 'inDoubt', label: words.inDoubt, icon: null },
      { value: 'suppressed', label: words.suppressed, icon: null },
      { value: 'cancelled', label: words.cancelled, icon: null },
    ];
    this.#filters = choice<ReportFilter>(words.filter, options, start.filter, (filter) => {
      this.#filter = filter;
      this.refresh(true);
    });
    const search = make('input', {
      type: 'search',
      placeholder: words.search,
      'aria-label': words.search,
      value: start.search,
      spellcheck: 'false',
    });
    let timer = 0;
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        this.#search = search.value;
        this.refresh(true);
      }, TYPING_MS);
    });
    this.#more = make(
      'button',
      { type: 'button', class: 'action more', click: () => this.#ask(this.#lastId) },
      words.more,
    );
    this.#more.hidden = true;
    this.#empty = make('p', { class: 'soft' }, words.noRows);
    this.element = make(
      'section',
      { class: 'card recipients' },
      make('h2', {}, words.recipients),
      make(
        'div',
        { class: 'list-tools' },
        this.#filters.element,
        make('label', { class: 'search' }, icon('search'), search),
      ),
      table(words.recipients, recipientColumns(words), this.#body, 'rows'),
      this.#empty,
      this.#more,
    );
  }

  show(filter: ReportFilter): void {
    this.#filter = filter;
    this.#filters.set(filter);
    this.refresh(true);
    this.element.scrollIntoView({ block: 'start' });
  }

  /** Asks for the list again; `anew` when it is another list. While a campaign runs the first page follows it. */
  refresh(anew: boolean): void {
    if (anew) {
      this.#pages = 1;
      this.#kept(this.#filter, this.#search);
    }
    if (this.#pages === 1) this.#ask(0);
  }

  take(query: number, after: number, rows: readonly ReportLine[], more: boolean): void {
    if (query !== this.#query) return;
    this.#lines = after === 0 ? [...rows] : [...this.#lines, ...rows];
    if (after > 0) this.#pages++;
    this.#lastId = rows.at(-1)?.id ?? this.#lastId;
    this.#more.hidden = !more;
    this.#empty.hidden = this.#lines.length > 0;
    this.#draw();
  }

  takeAttempts(id: number, attempts: readonly ReportAttempt[]): void {
    if (!this.#open.has(id)) return;
    this.#open.set(id, attempts);
    this.#draw();
  }

  #ask(after: number): void {
    this.#send({ type: 'query', query: ++this.#query, filter: this.#filter, search: this.#search, after });
  }

  #draw(): void {
    patchChildren(
      this.#body,
      this.#lines.flatMap((line) =>
        recipientRows(this.#words, line, this.#open.get(line.id), {
          toggle: (id) => this.#toggle(id),
          openLine: ({ line, list }) => this.#send({ type: 'openLine', line, list }),
        }),
      ),
    );
  }

  #toggle(id: number): void {
    if (this.#open.has(id)) this.#open.delete(id);
    else {
      this.#open.set(id, null);
      this.#send({ type: 'attempts', id });
    }
    this.#draw();
  }
}
