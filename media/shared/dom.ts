import { type Words, wordsIn } from '../../src/shared/words.ts';

type Child = Node | string | null;

/** Makes an element; a `null` attribute is left out, a function is a listener for the event the key names. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | null | ((event: never) => void)> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** Puts values into the words: `{0}` is the first. */
export function fill(template: string, ...values: (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (whole, index) => {
    const value = values[Number(index)];
    return value === undefined ? whole : typeof value === 'number' ? words().number(value) : value;
  });
}

let made: Words | undefined;

/** Figures and dates in the language of the page's words. */
export function words(): Words {
  const language = document.documentElement.lang || 'en';
  if (made?.language !== language) made = wordsIn(language);
  return made;
}

export function count(one: string, many: string, n: number): string {
  return fill(words().isOne(n) ? one : many, n);
}

/** A group of buttons of which one is pressed; arrow keys move in it, Tab passes it as one stop. */
export function choice<T extends string>(
  label: string,
  options: readonly { value: T; label: string; icon: SVGElement | null; hint?: string }[],
  chosen: T,
  onChoose: (value: T) => void,
): { element: HTMLElement; set(value: T): void } {
  const buttons = options.map((option) => {
    const button = make('button', {
      type: 'button',
      role: 'radio',
      class: 'segment',
      title: option.hint ?? option.label,
    });
    if (option.icon) button.append(option.icon, make('span', { class: 'hidden-label' }, option.label));
    else button.append(option.label);
    button.addEventListener('click', () => choose(option.value));
    return button;
  });
  const element = make('div', { role: 'radiogroup', 'aria-label': label, class: 'segments' }, ...buttons);
  element.addEventListener('keydown', (event) => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : /^Arrow(?:Left|Up)$/.test(event.key) ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (option) choose(option.value);
    buttons[next]?.focus();
  });
  const set = (value: T) => {
    for (const [index, button] of buttons.entries()) {
      const on = options[index]?.value === value;
      button.setAttribute('aria-checked', String(on));
      button.tabIndex = on ? 0 : -1;
    }
  };
  const choose = (value: T) => {
    set(value);
    onChoose(value);
  };
  set(chosen);
  return { element, set };
}

/** Says something to a screen reader without moving the focus. */
export function announcer(): { element: HTMLElement; say(text: string): void } {
  const element = make('div', { class: 'hidden-label', 'aria-live': 'polite', role: 'status' });
  return {
    element,
    say(text) {
      if (element.textContent !== text) element.textContent = text;
    },
  };
}
