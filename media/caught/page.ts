import type { FromMailbox, MailboxStrings, MailboxView, ToMailbox } from '../../src/protocol/mailboxMessages.ts';
import type {
  FromPreview,
  PreviewScheme,
  PreviewStrings,
  PreviewTab,
  PreviewView,
} from '../../src/protocol/previewMessages.ts';
import { FindBar } from '../preview/findBar.ts';
import { ImageStore } from '../preview/imageStore.ts';
import { LetterFrame } from '../preview/letterFrame.ts';
import { letterPanels } from '../preview/letterPanels.ts';
import { inboxLine } from '../preview/panels.ts';
import { prepareLetter } from '../preview/prepare.ts';
import { announcer, make } from '../shared/dom.ts';
import { connect, words as readWords } from '../shared/host.ts';
import { icon } from '../shared/icons.ts';
import { type MenuGroup, menuButton } from '../shared/menu.ts';
import { LetterList } from './letterList.ts';

const TABS: readonly PreviewTab[] = ['html', 'text', 'source', 'attachments'];
const SCHEMES: readonly PreviewScheme[] = ['light', 'own', 'partial', 'full'];

/** The mailbox's page: letters on one side, the chosen one on the other; in a narrow column one at a time. */
export function createMailbox(): void {
  const words = readWords<MailboxStrings>();
  const host = connect<FromMailbox, ToMailbox, MailboxView>();
  const state: MailboxView = host.state ?? { id: '', search: '', tab: 'html', scheme: 'light' };
  const keep = (change: Partial<MailboxView>) => {
    Object.assign(state, change);
    host.keep(state);
  };
  const live = announcer();
  const images = new ImageStore();
  const letter = letterPane(words, state, keep, (message) => host.send(message), live.say);
  const list = new LetterList(words, state.search, {
    choose: (id) => host.send({ type: 'open', id }),
    search: (search) => keep({ search }),
  });
  const body = make('main', { class: 'mailbox' }, list.element, letter.element);
  const back = make(
    'button',
    { type: 'button', class: 'tool mail-back', title: words.back, 'aria-label': words.back },
    icon('previous'),
  );
  back.addEventListener('click', () => {
    body.classList.remove('reading');
    list.focus();
  });
  letter.bar.prepend(back);
  const clear = make('button', { type: 'button', class: 'action' }, words.deleteAll);
  clear.addEventListener('click', () => host.send({ type: 'deleteAll' }));
  document.body.append(
    make(
      'header',
      { class: 'mail-head' },
      make('div', {}, make('h1', {}, words.title), make('p', { class: 'mail-about' }, words.about)),
      clear,
    ),
    body,
    live.element,
  );
  host.listen((message) => {
    switch (message.type) {
      case 'letters':
        list.set(message.letters);
        clear.hidden = message.letters.length === 0;
        if (!message.letters.some(({ id }) => id === state.id)) letter.show(null);
        else if (!letter.isShown()) host.send({ type: 'open', id: state.id });
        return;
      case 'images':
        return images.take(message.images);
      case 'letter':
        keep({ id: message.id });
        list.select(message.id);
        body.classList.add('reading');
        letter.show(message.letter, message.source, (cid) => images.url(cid));
        return;
      default:
        message satisfies never;
    }
  });
  host.send({ type: 'ready' });
}

/** The letter with its parts, as the preview shows them. */
function letterPane(
  words: MailboxStrings,
  state: MailboxView,
  keep: (change: Partial<MailboxView>) => void,
  send: (message: FromMailbox) => void,
  say: (text: string) => void,
) {
  const { preview } = words;
  const view = viewOf(state);
  const target = make('div', { class: 'target', 'aria-live': 'polite' });
  const frame = new LetterFrame(preview.frame, {
    scrolled: () => {},
    reveal: () => {},
    target(url) {
      target.textContent = url === '' ? '' : `${url}  ${preview.linkHint}`;
      target.classList.toggle('visible', url !== '');
    },
    open: (url) => send({ type: 'openLink', url }),
    shown() {
      panels.sayHint();
      find.again();
    },
  });
  const relay = (message: FromPreview) => {
    if (message.type === 'copy') send(message);
    if (message.type === 'openAttachment') send({ ...message, id: state.id });
  };
  const keepView = (change: Partial<PreviewView>) => {
    Object.assign(view, change);
    keep({ tab: view.tab, scheme: view.scheme });
  };
  const panels = letterPanels(preview, { view, kept: null, keep: keepView }, frame, relay, {
    copied: () => say(preview.copied),
    changed: () => find.again(),
  });
  const find = new FindBar(preview, () => panels.shown());
  const inbox = inboxLine(preview);
  const setScheme = (scheme: PreviewScheme) => {
    keepView({ scheme });
    frame.setScheme(scheme);
    panels.sayHint();
  };
  const more = menuButton(preview.more, () =>
    letterMenu(preview, view, { tab: panels.choose, scheme: setScheme, find: () => find.open() }),
  );
  frame.setWidth(0);
  frame.setScheme(view.scheme);
  onFind(() => find.open());
  const bar = make(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': preview.toolbar },
    panels.tabs,
    make('div', { class: 'how' }, more.element),
  );
  const content = make('div', { class: 'mail-content' }, panels.panels, find.element, target);
  const nothing = make('p', { class: 'mail-empty' }, words.choose);
  const reading = make('div', { class: 'mail-reading' }, bar, inbox.element, content);
  reading.hidden = true;
  return {
    bar,
    element: make('section', { class: 'mail-letter', 'aria-label': preview.frame }, reading, nothing),
    isShown: () => !reading.hidden,
    show(
      letter: Parameters<typeof panels.set>[0] | null,
      source = '',
      imageOf: (cid: string) => string | undefined = () => undefined,
    ) {
      reading.hidden = letter === null;
      nothing.hidden = letter !== null;
      if (!letter) return;
      inbox.set(letter);
      panels.set(letter);
      panels.setSource(letter.version, source);
      frame.show(prepareLetter(letter.html, imageOf, false).srcdoc, 1, false, 0);
    },
  };
}

function viewOf({ tab, scheme }: MailboxView): PreviewView {
  const nowhere = { document: '', index: -1, width: 'desktop', scroll: 0, images: false } as const;
  return { ...nowhere, problemsOpen: false, inboxOpen: true, locked: true, tab, scheme };
}

function onFind(open: () => void): void {
  window.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'f') return;
    event.preventDefault();
    open();
  });
}

function letterMenu(
  words: PreviewStrings,
  view: PreviewView,
  act: { tab(tab: PreviewTab): void; scheme(scheme: PreviewScheme): void; find(): void },
): MenuGroup[] {
  return [
    {
      label: words.show,
      entries: TABS.map((tab) => ({
        kind: 'radio',
        label: words[tab],
        checked: view.tab === tab,
        act: () => act.tab(tab),
      })),
    },
    {
      label: words.look,
      entries: SCHEMES.map((scheme) => ({
        kind: 'radio',
        label: words[scheme],
        checked: view.scheme === scheme,
        act: () => act.scheme(scheme),
      })),
    },
    { label: '', entries: [{ kind: 'act', label: words.findInLetter, keys: 'Ctrl+F', act: act.find }] },
  ];
}
