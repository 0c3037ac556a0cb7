import type {
  PreviewRecipients,
  PreviewScheme,
  PreviewStrings,
  PreviewTab,
  PreviewView,
  PreviewWidth,
} from '../../src/protocol/previewMessages.ts';
import { choice, count, fill, make } from '../shared/dom.ts';
import { type IconName, icon } from '../shared/icons.ts';
import { type MenuEntry, type MenuGroup, menuButton } from '../shared/menu.ts';

export const WIDTHS: Record<PreviewWidth, number> = { desktop: 0, tablet: 768, phone: 390 };
const SCHEMES: readonly PreviewScheme[] = ['light', 'own', 'partial', 'full'];
const TABS: readonly PreviewTab[] = ['html', 'text', 'source', 'attachments'];

export interface HeaderEvents {
  step(by: 1 | -1): void;
  pick(): void;
  jump(to: 'longest' | 'blanks' | 'invalid'): void;
  width(width: PreviewWidth): void;
  scheme(scheme: PreviewScheme): void;
  images(allowed: boolean): void;
  tab(tab: PreviewTab): void;
  inbox(open: boolean): void;
  lock(locked: boolean): void;
  find(): void;
}

/** What the line shows at present besides the reader. */
interface Shown {
  recipients: PreviewRecipients | null;
  remoteImages: number;
}

export interface Header {
  element: HTMLElement;
  setRecipients(recipients: PreviewRecipients): void;
  setRemoteImages(images: number): void;
}

/** One line: whose letter it is, on which device, what is wrong with it, and a menu with all the rest. */
export function header(
  words: PreviewStrings,
  view: PreviewView,
  parts: { tabs: HTMLElement; badge: HTMLElement },
  events: HeaderEvents,
): Header {
  const shown: Shown = { recipients: null, remoteImages: 0 };
  const who = reader(words, events);
  const widths = choice<PreviewWidth>(words.width, widthOptions(words), view.width, events.width);
  widths.element.classList.add('widths');
  const images = tool('imageOff', '', () => events.images(!view.images));
  images.hidden = true;
  const more = menuButton(words.more, () =>
    menuGroups(words, view, shown, { ...events, width: (width) => setWidth(width) }, widths.element),
  );
  const setWidth = (width: PreviewWidth) => {
    widths.set(width);
    events.width(width);
  };
  const element = make(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': words.toolbar },
    who.element,
    parts.tabs,
    make('div', { class: 'how' }, parts.badge, images, widths.element, more.element),
  );
  return {
    element,
    setRecipients(recipients) {
      shown.recipients = recipients;
      who.set(recipients);
    },
    setRemoteImages(remote) {
      shown.remoteImages = remote;
      images.hidden = remote === 0 || view.images;
      images.title = count(words.imagesBlocked1, words.imagesBlocked, remote);
      images.setAttribute('aria-label', images.title);
    },
  };
}

function tool(name: IconName, label: string, act: () => void): HTMLButtonElement {
  return make('button', { type: 'button', class: 'tool', title: label, 'aria-label': label, click: act }, icon(name));
}

function reader(
  words: PreviewStrings,
  events: HeaderEvents,
): { element: HTMLElement; set(recipients: PreviewRecipients): void } {
  const previous = tool('previous', words.previous, () => events.step(-1));
  const next = tool('next', words.next, () => events.step(1));
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
  return {
    element: make('div', { class: 'who' }, previous, picker, next),
    set(recipients) {
      const { index, total } = recipients;
      name.textContent = recipients.label || recipients.address || words.noList;
      position.textContent = index >= 0 ? fill(words.position, index + 1, total) : '';
      picker.title = index >= 0 ? `${recipients.address}\n${recipients.list}\n${words.pick}` : words.pick;
      previous.disabled = index <= 0;
      next.disabled = index < 0 || index >= total - 1;
    },
  };
}

function widthOptions(words: PreviewStrings) {
  return [
    { value: 'desktop', label: words.desktop, icon: icon('desktop') },
    { value: 'tablet', label: words.tablet, icon: icon('tablet') },
    { value: 'phone', label: words.phone, icon: icon('phone') },
  ] as const;
}

/** The menu has what the line has no room for, and nothing that it shows already. */
function menuGroups(
  words: PreviewStrings,
  view: PreviewView,
  shown: Shown,
  events: HeaderEvents,
  widths: HTMLElement,
): MenuGroup[] {
  const radio = <T extends string>(
    values: readonly T[],
    chosen: T,
    choose: (value: T) => void,
    labels: Record<T, string>,
  ) =>
    values.map(
      (value): MenuEntry => ({
        kind: 'radio',
        label: labels[value],
        checked: value === chosen,
        act: () => choose(value),
      }),
    );
  const device: MenuGroup = {
    label: words.width,
    entries: radio(['desktop', 'tablet', 'phone'], view.width, events.width, words),
  };
  return [
    { label: words.show, entries: radio(TABS, view.tab, events.tab, words) },
    { label: words.look, entries: radio(SCHEMES, view.scheme, events.scheme, words) },
    ...(widths.offsetParent === null ? [device] : []),
    { label: '', entries: switches(words, view, shown, events) },
    { label: '', entries: jumps(words, shown.recipients, events) },
  ].filter(({ entries }) => entries.length > 0);
}

function switches(words: PreviewStrings, view: PreviewView, shown: Shown, events: HeaderEvents): MenuEntry[] {
  const entries: MenuEntry[] = [
    { kind: 'act', label: words.findInLetter, keys: 'Ctrl+F', act: () => events.find() },
    { kind: 'check', label: words.inbox, checked: view.inboxOpen, act: () => events.inbox(!view.inboxOpen) },
    { kind: 'check', label: words.lock, checked: view.locked, act: () => events.lock(!view.locked) },
  ];
  if (shown.remoteImages > 0 || view.images)
    entries.push({
      kind: 'check',
      label: words.imagesShow,
      checked: view.images,
      act: () => events.images(!view.images),
    });
  return entries;
}

function jumps(words: PreviewStrings, recipients: PreviewRecipients | null, events: HeaderEvents): MenuEntry[] {
  if (!recipients) return [];
  const entries: MenuEntry[] = [];
  if (recipients.total > 1) entries.push({ kind: 'act', label: words.longest, act: () => events.jump('longest') });
  if (recipients.blanks > 0) entries.push({ kind: 'act', label: words.blanks, act: () => events.jump('blanks') });
  if (recipients.refused > 0)
    entries.push({
      kind: 'act',
      label: count(words.invalid1, words.invalid, recipients.refused),
      act: () => events.jump('invalid'),
    });
  return entries;
}
