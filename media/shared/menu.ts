import { make } from './dom.ts';
import { icon } from './icons.ts';

export type MenuEntry =
  | { kind: 'act'; label: string; keys?: string; act(): void }
  | { kind: 'check'; label: string; checked: boolean; act(): void }
  | { kind: 'radio'; label: string; checked: boolean; act(): void };

export interface MenuGroup {
  /** Said before the group; "" for none. */
  label: string;
  entries: readonly MenuEntry[];
}

/**
 * A button and the menu it opens (ARIA authoring practices: arrows move, Escape and Tab close, the focus goes back). What
 * is in it is asked for each time it opens.
 */
export function menuButton(label: string, groups: () => readonly MenuGroup[]): { element: HTMLElement } {
  const button = make(
    'button',
    { type: 'button', class: 'tool', title: label, 'aria-label': label, 'aria-haspopup': 'menu' },
    icon('more'),
  );
  const list = make('div', { class: 'menu', role: 'menu', 'aria-label': label });
  list.hidden = true;
  const element = make('div', { class: 'menu-place' }, button, list);
  const close = (giveBack: boolean) => {
    if (list.hidden) return;
    list.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (giveBack) button.focus();
  };
  const open = () => {
    list.replaceChildren(...groups().map((group) => groupOf(group, () => close(true))));
    list.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    items(list)[0]?.focus();
  };
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => (list.hidden ? open() : close(true)));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' || !list.hidden) return;
    event.preventDefault();
    open();
  });
  list.addEventListener('keydown', (event) => move(event, list, close));
  // The focus went into the letter: its frame reports no clicks.
  element.addEventListener('focusout', (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) close(false);
  });
  return { element };
}

function items(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

function groupOf(group: MenuGroup, close: () => void): HTMLElement {
  const entries = group.entries.map((entry) => {
    const item = make(
      'button',
      {
        type: 'button',
        class: 'menu-item',
        role: entry.kind === 'act' ? 'menuitem' : `menuitem${entry.kind === 'check' ? 'checkbox' : 'radio'}`,
        'aria-checked': entry.kind === 'act' ? null : String(entry.checked),
        tabindex: -1,
        click: () => {
          close();
          entry.act();
        },
      },
      icon(entry.kind !== 'act' && entry.checked ? 'check' : 'none'),
      make('span', { class: 'menu-label' }, entry.label),
      entry.kind === 'act' && entry.keys ? make('span', { class: 'menu-keys' }, entry.keys) : null,
    );
    return item;
  });
  return make(
    'div',
    { class: 'menu-group', role: 'group', 'aria-label': group.label || null },
    group.label ? make('div', { class: 'menu-title', 'aria-hidden': 'true' }, group.label) : null,
    ...entries,
  );
}

function move(event: KeyboardEvent, list: HTMLElement, close: (giveBack: boolean) => void): void {
  const all = items(list);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next =
    event.key === 'ArrowDown'
      ? (at + 1) % all.length
      : event.key === 'ArrowUp'
        ? (at + all.length - 1) % all.length
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? all.length - 1
            : -1;
  if (event.key === 'Escape' || event.key === 'Tab') {
    if (event.key === 'Escape') event.preventDefault();
    close(event.key === 'Escape');
  } else if (next >= 0) {
    event.preventDefault();
    all[next]?.focus();
  } else return;
  event.stopPropagation();
}
