import type { ReportAttempt, ReportLine, ReportStrings } from '../../src/protocol/reportMessages.ts';
import { fill, make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';
import { type Column, cell, headCell } from './table.ts';

export interface RowEvents {
  toggle(id: number): void;
  openLine(line: ReportLine): void;
}

export function recipientColumns(words: ReportStrings): Column[] {
  return [
    { label: words.address },
    { label: words.state },
    { label: words.server },
    { label: words.reply },
    { label: words.when, kind: 'number' },
  ];
}

/** A recipient's row; when it is open, one more with every attempt. `null`: the attempts are on their way. */
export function recipientRows(
  words: ReportStrings,
  line: ReportLine,
  attempts: readonly ReportAttempt[] | null | undefined,
  events: RowEvents,
): HTMLElement[] {
  const columns = recipientColumns(words);
  const row = make(
    'tr',
    { role: 'row', class: `row ${line.tone}`, 'data-key': line.id },
    headCell(
      make(
        'button',
        {
          type: 'button',
          class: 'row-toggle',
          'aria-expanded': String(attempts !== undefined),
          'data-key': line.id,
          click: () => events.toggle(line.id),
        },
        icon('next'),
        make('span', { class: 'row-address' }, line.address),
      ),
    ),
    cell(
      columns[1],
      {},
      make('span', { class: `dot ${line.tone}`, 'aria-hidden': 'true' }),
      line.state,
      line.detail ? make('span', { class: 'soft' }, ` ${line.detail}`) : null,
    ),
    cell(columns[2], {}, line.transport),
    cell(columns[3], { class: 'reply-cell', title: line.reply }, line.reply),
    cell(columns[4], { class: 'number' }, line.when),
  );
  return attempts === undefined ? [row] : [row, inside(words, line, attempts, events)];
}

function inside(
  words: ReportStrings,
  line: ReportLine,
  attempts: readonly ReportAttempt[] | null,
  events: RowEvents,
): HTMLElement {
  const go = make(
    'button',
    { type: 'button', class: 'link', 'data-key': line.line, click: () => events.openLine(line) },
    fill(words.openLine, line.line),
  );
  const content =
    attempts === null
      ? words.loading
      : attempts.length === 0
        ? make('p', { class: 'soft' }, words.noAttempts)
        : make('ol', { class: 'attempts', 'aria-label': words.attempts }, ...attempts.map(attemptItem));
  return make(
    'tr',
    { role: 'row', class: 'row-inside', 'data-key': `inside ${line.id}` },
    make('td', { role: 'cell', colspan: 5 }, content, go),
  );
}

function attemptItem(attempt: ReportAttempt): HTMLElement {
  const about = [attempt.transport, attempt.took, attempt.cause].filter((part) => part !== '').join(' · ');
  return make(
    'li',
    {},
    make('span', { class: 'attempt-when' }, attempt.when),
    make('span', {}, about),
    attempt.reply ? make('code', { class: 'reply' }, attempt.reply) : null,
  );
}
