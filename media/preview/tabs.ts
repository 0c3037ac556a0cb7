import { make } from '../shared/dom.ts';

/** A tab list and its panels (ARIA authoring practices: one stop, arrows move, panels are labelled by their tab). */
export function tabs<T extends string>(
  label: string,
  definitions: readonly { id: T; label: string; panel: readonly HTMLElement[] }[],
  chosen: T,
  onChoose: (id: T) => void,
): { element: HTMLElement; panels: HTMLElement; badge(id: T, count: number): void; choose(id: T): void } {
  const badges = new Map<T, HTMLElement>();
  const buttons = definitions.map(({ id, label: text }) => {
    const badge = make('span', { class: 'badge' });
    badge.hidden = true;
    badges.set(id, badge);
    const button = make(
      'button',
      { type: 'button', role: 'tab', class: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
      text,
      badge,
    );
    button.addEventListener('click', () => choose(id));
    return button;
  });
  const panels = definitions.map(({ id, panel }) =>
    make(
      'section',
      { role: 'tabpanel', class: `panel panel-${id}`, id: `panel-${id}`, 'aria-labelledby': `tab-${id}` },
      ...panel,
    ),
  );
  const element = make('div', { role: 'tablist', 'aria-label': label, class: 'tabs' }, ...buttons);
  element.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = buttons.length - 1;
    const next =
      event.key === 'ArrowRight'
        ? (at + 1) % buttons.length
        : event.key === 'ArrowLeft'
          ? (at + last) % buttons.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? last
              : -1;
    const definition = definitions[next];
    if (at === -1 || !definition) return;
    event.preventDefault();
    event.stopPropagation();
    choose(definition.id);
    buttons[next]?.focus();
  });
  const set = (id: T) => {
    for (const [index, definition] of definitions.entries()) {
      const on = definition.id === id;
      buttons[index]?.setAttribute('aria-selected', String(on));
      if (buttons[index]) buttons[index].tabIndex = on ? 0 : -1;
      const panel = panels[index];
      // A hidden frame keeps its place: the letter's panel is only put out of sight.
      panel?.classList.toggle('away', !on);
      if (panel) panel.inert = !on;
    }
  };
  const choose = (id: T) => {
    set(id);
    onChoose(id);
  };
  set(chosen);
  return {
    element,
    choose,
    panels: make('div', { class: 'panels' }, ...panels),
    badge(id, count) {
      const badge = badges.get(id);
      if (!badge) return;
      badge.hidden = count === 0;
      badge.textContent = String(count);
    },
  };
}
