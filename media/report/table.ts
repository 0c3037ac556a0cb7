import { make } from '../shared/dom.ts';

/** A column of a table: its head, and what its cells are called where rows stand as cards. */
export interface Column {
  label: string;
  kind?: 'number';
}

/**
 * A table that turns into cards where it has no room; its roles are written out, as a browser forgets them with the
 * layout. What scrolls inside can be reached by keyboard.
 */
export function table(name: string, columns: readonly Column[], body: HTMLElement, style = ''): HTMLElement {
  body.setAttribute('role', 'rowgroup');
  return make(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name },
    make(
      'table',
      { class: `cards ${style}`, role: 'table', 'aria-label': name },
      make(
        'thead',
        { role: 'rowgroup' },
        make(
          'tr',
          { role: 'row' },
          ...columns.map(({ label, kind }) =>
            make('th', { scope: 'col', role: 'columnheader', class: kind ?? '' }, label),
          ),
        ),
      ),
      body,
    ),
  );
}

export function headCell(...children: (Node | string | null)[]): HTMLElement {
  return make('th', { scope: 'row', role: 'rowheader' }, ...children);
}

/** A cell that says in a card what it is. */
export function cell(
  column: Column | undefined,
  attributes: Record<string, string>,
  ...children: (Node | string | null)[]
): HTMLElement {
  return make('td', { role: 'cell', 'data-label': column?.label ?? null, ...attributes }, ...children);
}
