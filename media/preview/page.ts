import type {
  FromPreview,
  PreviewLetter,
  PreviewRecipients,
  PreviewStrings,
  PreviewTab,
  PreviewView,
  ToPreview,
} from '../../src/protocol/previewMessages.ts';
import { announcer, count, fill, make } from '../shared/dom.ts';
import { connect, words as readWords } from '../shared/host.ts';
import { icon } from '../shared/icons.ts';
import { LetterFrame } from './letterFrame.ts';
import { attachmentList, inboxLine, paintSource, problemStrip, sizeMeter } from './panels.ts';
import { prepareLetter } from './prepare.ts';
import { hasDarkStyles } from './scheme.ts';
import { tabs } from './tabs.ts';
import { toolbar, WIDTHS } from './toolbar.ts';

/** The preview's page: messages from the extension in, what a person does out. It decides nothing about the letter. */
export function createPage(): void {
  const words = readWords<PreviewStrings>();
  const host = connect<FromPreview, ToPreview, PreviewView>();
  const { document: documentUri = '', images: allowed } = document.body.dataset;
  const kept = host.state?.document === documentUri ? host.state : null;
  const view: PreviewView = {
    ...(kept ?? { index: -1, tab: 'html', width: 'desktop', scheme: 'light', scroll: 0, problemsOpen: false }),
    document: documentUri,
    images: allowed === 'yes',
  };
  const keep = (change: Partial<PreviewView>) => {
    Object.assign(view, change);
    host.keep(view);
  };
  const imageUrls = new Map<string, string>();
  let letter: PreviewLetter | null = null;
  let recipients: PreviewRecipients | null = null;
  let sourceVersion = 0;
  let startScroll: number | null = kept?.scroll ?? null;

  const live = announcer();
  const target = make('div', { class: 'target', 'aria-live': 'polite' });
  const showTarget = (url: string) => {
    target.textContent = url === '' ? '' : `${url}  ${words.linkHint}`;
    target.classList.toggle('visible', url !== '');
  };
  const frame = new LetterFrame(words.frame, {
    scrolled(line) {
      host.send({ type: 'scrolled', line });
    },
    reveal: (line) => host.send({ type: 'reveal', line }),
    target: showTarget,
    open: (url) => host.send({ type: 'openLink', url }),
    shown(page) {
      darkHint.hidden = view.scheme !== 'dark' || hasDarkStyles(page);
      page.addEventListener('scroll', () => keepScroll(), { passive: true });
    },
  });
  let scrollTimer = 0;
  const keepScroll = () => {
    clearTimeout(scrollTimer);
    scrollTimer = window.setTimeout(() => keep({ scroll: frame.scroll }), 200);
  };

  const bar = toolbar(words, view, {
    step: (by) => host.send({ type: 'step', by }),
    pick: () => host.send({ type: 'pickRecipient' }),
    width(width) {
      keep({ width });
      frame.setWidth(WIDTHS[width]);
    },
    scheme(scheme) {
      keep({ scheme });
      frame.setScheme(scheme);
      const page = frame.page;
      darkHint.hidden = scheme !== 'dark' || !page || hasDarkStyles(page);
    },
    images(images) {
      keep({ images, scroll: frame.scroll });
      host.send({ type: 'allowImages', allowed: images });
    },
  });
  const inbox = inboxLine(words);
  const meter = sizeMeter(words);
  const strip = problemStrip(words, {
    open: (index) => host.send({ type: 'openProblem', index }),
    toggled: (problemsOpen) => keep({ problemsOpen }),
  });
  strip.unfold(view.problemsOpen);
  const banner = make('div', { class: 'banner', role: 'alert' });
  banner.hidden = true;
  const chips = make('div', { class: 'chips' });
  const darkHint = make('p', { class: 'hint' }, words.darkMissing);
  darkHint.hidden = true;
  const plain = make('pre', { class: 'plain', tabindex: 0 });
  const source = make('pre', { class: 'source', tabindex: 0 });
  const copy = make(
    'button',
    { type: 'button', class: 'tool copy', title: words.copy, 'aria-label': words.copy },
    icon('copy'),
  );
  copy.addEventListener('click', () => {
    host.send({ type: 'copy', text: (view.tab === 'source' ? source : plain).textContent ?? '' });
    live.say(words.copied);
  });
  const files = attachmentList(words, (index) => host.send({ type: 'openAttachment', index }));
  const tabBar = tabs(
    words.tabs,
    [
      { id: 'html', label: words.html, panel: [darkHint, frame.element] },
      { id: 'text', label: words.text, panel: [plain] },
      { id: 'source', label: words.source, panel: [source] },
      { id: 'attachments', label: words.attachments, panel: [files.element] },
    ],
    view.tab,
    (tab: PreviewTab) => {
      keep({ tab });
      copy.hidden = tab !== 'text' && tab !== 'source';
      askSource();
    },
  );
  copy.hidden = view.tab !== 'text' && view.tab !== 'source';
  const waiting = make('p', { class: 'empty' }, words.waiting);
  const main = make('main', {}, tabBar.panels, waiting, target);
  main.classList.add('before');
  document.body.append(
    make(
      'header',
      {},
      bar.element,
      inbox.element,
      make('div', { class: 'tab-row' }, tabBar.element, make('div', { class: 'tab-end' }, copy, meter.element)),
      banner,
      strip.element,
      chips,
    ),
    main,
    live.element,
  );
  inbox.element.hidden = true;
  frame.setWidth(WIDTHS[view.width]);
  frame.setScheme(view.scheme);

  const askSource = () => {
    if (view.tab === 'source' && letter && sourceVersion !== letter.version)
      host.send({ type: 'source', version: letter.version });
  };

  const showLetter = () => {
    if (!letter) return;
    const prepared = prepareLetter(letter.html, (cid) => imageUrls.get(cid), view.images);
    bar.setRemoteImages(prepared.remoteImages);
    remote = prepared.remoteImages;
    frame.show(prepared.srcdoc, letter.bodyLine, letter.hasLines, startScroll);
    startScroll = null;
    showChips();
  };
  let remote = 0;

  const showChips = () => {
    const shown: HTMLElement[] = [];
    const chip = (text: string, act: () => void, level = '') =>
      shown.push(make('button', { type: 'button', class: `chip ${level}`, click: act }, text));
    if (remote > 0 && !view.images)
      chip(count(words.imagesBlocked1, words.imagesBlocked, remote), () => {
        keep({ images: true, scroll: frame.scroll });
        host.send({ type: 'allowImages', allowed: true });
      });
    if (recipients && recipients.emptyFields.length > 0)
      chip(fill(words.emptyFields, recipients.emptyFields.join(', ')), () => host.send({ type: 'jump', to: 'blanks' }));
    if (recipients && recipients.blanks > 0 && recipients.emptyFields.length === 0)
      chip(words.blanks, () => host.send({ type: 'jump', to: 'blanks' }));
    if (recipients && recipients.refused > 0)
      chip(
        count(words.invalid1, words.invalid, recipients.refused),
        () => host.send({ type: 'jump', to: 'invalid' }),
        'warning',
      );
    if (recipients && recipients.total > 1) chip(words.longest, () => host.send({ type: 'jump', to: 'longest' }));
    chips.replaceChildren(...shown);
    chips.hidden = shown.length === 0;
  };

  host.listen((message) => {
    switch (message.type) {
      case 'letter':
        if (letter && message.letter.version <= letter.version) return;
        letter = message.letter;
        main.classList.remove('before');
        inbox.element.hidden = false;
        inbox.set(letter);
        meter.set(letter.size);
        plain.textContent = letter.text;
        files.set(letter);
        tabBar.badge('attachments', letter.attachments.length);
        showLetter();
        askSource();
        return;
      case 'images':
        for (const image of message.images) {
          const old = imageUrls.get(image.cid);
          if (old) URL.revokeObjectURL(old);
          const bytes = new Uint8Array(image.bytes);
          imageUrls.set(image.cid, URL.createObjectURL(new Blob([bytes], { type: image.mime })));
        }
        return;
      case 'recipients': {
        const before = recipients?.index;
        recipients = message.recipients;
        keep({ index: recipients.index });
        bar.setRecipients(recipients);
        showChips();
        if (before !== undefined && before !== recipients.index)
          live.say(fill(words.shown, recipients.label, recipients.index + 1, recipients.total));
        return;
      }
      case 'failure': {
        const { failure } = message;
        banner.hidden = failure === null;
        if (!failure) return;
        banner.replaceChildren(
          icon('error'),
          make(
            'div',
            { class: 'banner-text' },
            make('strong', {}, failure.text),
            ` ${failure.remedy} `,
            letter ? words.lastGood : '',
          ),
        );
        if (failure.hasPlace)
          banner.append(
            make(
              'button',
              { type: 'button', class: 'link', click: () => host.send({ type: 'openProblem', index: -1 }) },
              words.goThere,
            ),
          );
        main.classList.toggle('stale', letter !== null);
        return;
      }
      case 'problems':
        strip.set(message.problems);
        return;
      case 'source':
        if (message.version !== letter?.version) return;
        sourceVersion = message.version;
        source.replaceChildren(paintSource(message.source));
        return;
      case 'scrollTo':
        frame.scrollToLine(message.line);
        return;
      default:
        message satisfies never;
    }
  });
  // On the window: keys pressed in the letter are handed on to it.
  window.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    host.send({ type: 'step', by });
  });
  host.send({ type: 'ready', view: kept });
}
