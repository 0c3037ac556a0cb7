import type {
  PreviewRecipients,
  PreviewScheme,
  PreviewStrings,
  PreviewWidth,
  ToPreview,
} from '../../src/protocol/previewMessages.ts';
import { choice, fill, make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';

export type { ToPreview };

export const WIDTHS: Record<PreviewWidth, number> = { desktop: 0, tablet: 768, phone: 390 };

export interface ToolbarEvents {
  step(by: 1 | -1): void;
  pick(): void;
  width(width: PreviewWidth): void;
  scheme(scheme: PreviewScheme): void;
  images(allowed: boolean): void;
}

/** Whose letter it is, on which device, in which light. */
export function toolbar(
  words: PreviewStrings,
  start: { width: PreviewWidth; scheme: PreviewScheme; images: boolean },
  events: ToolbarEvents,
): {
  element: HTMLElement;
  setRecipients(recipients: PreviewRecipients): void;
  setRemoteImages(count: number): void;
  focusPicker(): void;
} {
  const previous = make(
    'button',
    {
      type: 'button',
      class: 'tool',
      title: words.previous,
      'aria-label': words.previous,
      click: () => events.step(-1),
    },
    icon('previous'),
  );
  const next = make(
    'button',
    { type: 'button', class: 'tool', title: words.next, 'aria-label': words.next, click: () => events.step(1) },
    icon('next'),
  );
  const name = make('span', { class: 'picker-name' });
  const position = make('span', { class: 'picker-position' });
  const picker = make(
    'button',
    { type: 'button', class: 'picker', title: words.pick, 'aria-haspopup': 'listbox', click: () => events.pick() },
    icon('person'),
    name,
    position,
    icon('down'),
  );
  const widths = choice<PreviewWidth>(
    words.width,
    [
      { value: 'desktop', label: words.desktop, icon: icon('desktop') },
      { value: 'tablet', label: words.tablet, icon: icon('tablet') },
      { value: 'phone', label: words.phone, icon: icon('phone') },
    ],
    start.width,
    events.width,
  );
  const schemes = choice<PreviewScheme>(
    words.scheme,
    [
      { value: 'light', label: words.light, icon: icon('light') },
      { value: 'dark', label: words.dark, icon: icon('dark') },
      { value: 'forced', label: words.forced, icon: icon('forced') },
    ],
    start.scheme,
    events.scheme,
  );
  const images = make(
    'button',
    { type: 'button', class: 'tool', 'aria-pressed': start.images, click: () => events.images(!start.images) },
    icon(start.images ? 'image' : 'imageOff'),
  );
  images.title = start.images ? words.imagesHide : words.imagesShow;
  images.setAttribute('aria-label', images.title);
  images.setAttribute('aria-pressed', String(start.images));
  images.hidden = !start.images;
  const element = make(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': words.toolbar },
    make('div', { class: 'who' }, previous, picker, next),
    make('div', { class: 'how' }, images, widths.element, schemes.element),
  );
  return {
    element,
    setRecipients(recipients) {
      const { index, total } = recipients;
      name.textContent = recipients.label || recipients.address || words.noList;
      position.textContent = index >= 0 ? fill(words.position, index + 1, total) : '';
      picker.title = index >= 0 ? `${recipients.address}\n${words.pick}` : words.pick;
      previous.disabled = index <= 0;
      next.disabled = index < 0 || index >= total - 1;
    },
    setRemoteImages(count) {
      images.hidden = count === 0 && !start.images;
    },
    focusPicker: () => picker.focus(),
  };
}
