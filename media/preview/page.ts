import type {
  FromPreview,
  PreviewLetter,
  PreviewRecipients,
  PreviewScheme,
  PreviewStrings,
  PreviewView,
  ToPreview,
} from '../../src/protocol/previewMessages.ts';
import { announcer, count, fill, make } from '../shared/dom.ts';
import { connect, words as readWords } from '../shared/host.ts';
import { banner } from './banner.ts';
import { FindBar } from './findBar.ts';
import { header, WIDTHS } from './header.ts';
import { ImageStore } from './imageStore.ts';
import { LetterFrame } from './letterFrame.ts';
import { type LetterPanels, letterPanels } from './letterPanels.ts';
import { inboxLine } from './panels.ts';
import { prepareLetter } from './prepare.ts';
import { type Note, problemList } from './problemList.ts';
import { type KeptView, keptView } from './view.ts';

const KEEP_SCROLL_MS = 200;

/** The preview's page: messages from the extension in, what a person does out. It decides nothing about the letter. */
export function createPage(): void {
  const host = connect<FromPreview, ToPreview, PreviewView>();
  const page = new PreviewPage(readWords<PreviewStrings>(), keptView(host.state, host.keep), host.send);
  host.listen((message) => page.receive(message));
  page.start();
}

class PreviewPage {
  readonly #words: PreviewStrings;
  readonly #kept: KeptView;
  readonly #send: (message: FromPreview) => void;
  readonly #images = new ImageStore();
  readonly #live = announcer();
  readonly #title = make('h1', { class: 'hidden-label' });
  readonly #target = make('div', { class: 'target', 'aria-live': 'polite' });
  readonly #main = make('main', { class: 'before' });
  readonly #frame: LetterFrame;
  readonly #panels: LetterPanels;
  readonly #header: ReturnType<typeof header>;
  readonly #problems: ReturnType<typeof problemList>;
  readonly #inbox: ReturnType<typeof inboxLine>;
  readonly #banner: ReturnType<typeof banner>;
  readonly #find: FindBar;
  #letter: PreviewLetter | null = null;
  #recipients: PreviewRecipients | null = null;
  #startScroll: number | null;
  #scrollTimer = 0;

  constructor(words: PreviewStrings, kept: KeptView, send: (message: FromPreview) => void) {
    this.#words = words;
    this.#kept = kept;
    this.#send = send;
    this.#startScroll = kept.kept?.scroll ?? null;
    const { view, keep } = kept;
    this.#frame = this.#makeFrame();
    this.#panels = letterPanels(words, kept, this.#frame, send, {
      copied: () => this.#live.say(words.copied),
      changed: () => this.#find.again(),
    });
    this.#problems = problemList(
      words,
      { open: view.problemsOpen },
      {
        open: (index) => send({ type: 'openProblem', index }),
        toggled: (problemsOpen) => keep({ problemsOpen }),
      },
    );
    this.#header = this.#makeHeader();
    this.#inbox = inboxLine(words);
    this.#banner = banner(words, () => send({ type: 'openProblem', index: -1 }));
    this.#find = new FindBar(words, () => this.#panels.shown());
    this.#frame.setWidth(WIDTHS[view.width]);
    this.#frame.setScheme(view.scheme);
    this.#inbox.element.hidden = true;
    this.#name(document.body.dataset.name ?? '');
    this.#main.append(
      this.#panels.panels,
      this.#find.element,
      make('p', { class: 'empty' }, words.waiting),
      this.#target,
    );
    document.body.append(
      make(
        'header',
        {},
        this.#title,
        this.#header.element,
        this.#problems.element,
        this.#inbox.element,
        this.#banner.element,
      ),
      this.#main,
      this.#live.element,
    );
  }

  start(): void {
    // On the window: keys pressed in the letter are handed on to it.
    window.addEventListener('keydown', (event) => this.#key(event));
    this.#send({ type: 'ready', view: this.#kept.kept });
  }

  receive(message: ToPreview): void {
    switch (message.type) {
      case 'letter':
        return this.#take(message.letter);
      case 'images':
        return this.#images.take(message.images);
      case 'recipients':
        return this.#takeRecipients(message.recipients);
      case 'failure':
        this.#banner.set(message.failure, this.#letter !== null);
        return;
      case 'problems':
        return this.#problems.setProblems(message.problems);
      case 'source':
        return this.#panels.setSource(message.version, message.source);
      case 'scrollTo':
        return this.#frame.scrollToLine(message.line);
      case 'document': {
        const { uri, name, locked } = message.document;
        if (uri !== this.#kept.view.document) this.#startScroll = 0;
        this.#kept.keep({ document: uri, locked });
        this.#name(name);
        return;
      }
      default:
        message satisfies never;
    }
  }

  #makeFrame(): LetterFrame {
    const words = this.#words;
    return new LetterFrame(words.frame, {
      scrolled: (line) => this.#send({ type: 'scrolled', line }),
      reveal: (line) => this.#send({ type: 'reveal', line }),
      target: (url) => {
        this.#target.textContent = url === '' ? '' : `${url}  ${words.linkHint}`;
        this.#target.classList.toggle('visible', url !== '');
      },
      open: (url) => this.#send({ type: 'openLink', url }),
      shown: (page) => {
        this.#panels.sayHint();
        this.#find.again();
        page.addEventListener('scroll', () => this.#keepScroll(), { passive: true });
      },
    });
  }

  #makeHeader(): ReturnType<typeof header> {
    const { view, keep } = this.#kept;
    const parts = { tabs: this.#panels.tabs, badge: this.#problems.badge };
    return header(this.#words, view, parts, {
      step: (by) => this.#send({ type: 'step', by }),
      pick: () => this.#send({ type: 'pickRecipient' }),
      jump: (to) => this.#send({ type: 'jump', to }),
      find: () => this.#find.open(),
      tab: (tab) => this.#panels.choose(tab),
      width: (width) => {
        keep({ width });
        this.#frame.setWidth(WIDTHS[width]);
      },
      scheme: (scheme) => this.#setScheme(scheme),
      images: (images) => {
        keep({ images, scroll: this.#frame.scroll });
        this.#send({ type: 'allowImages', allowed: images });
      },
      inbox: (inboxOpen) => {
        keep({ inboxOpen });
        this.#inbox.element.hidden = !inboxOpen || !this.#letter;
      },
      lock: (locked) => {
        keep({ locked });
        this.#send({ type: 'lock', locked });
      },
    });
  }

  #take(letter: PreviewLetter): void {
    if (this.#letter && letter.version <= this.#letter.version) return;
    this.#letter = letter;
    this.#main.classList.remove('before');
    this.#inbox.element.hidden = !this.#kept.view.inboxOpen;
    this.#inbox.set(letter);
    this.#panels.set(letter);
    const prepared = prepareLetter(letter.html, (cid) => this.#images.url(cid), this.#kept.view.images);
    this.#header.setRemoteImages(prepared.remoteImages);
    this.#frame.show(prepared.srcdoc, letter.bodyLine, letter.hasLines, this.#startScroll);
    this.#startScroll = null;
    if (this.#kept.view.tab !== 'html') this.#find.again();
  }

  #takeRecipients(recipients: PreviewRecipients): void {
    const before = this.#recipients?.index;
    this.#recipients = recipients;
    this.#kept.keep({ index: recipients.index });
    this.#header.setRecipients(recipients);
    this.#problems.setNotes(this.#notes(recipients));
    if (before !== undefined && before !== recipients.index)
      this.#live.say(fill(this.#words.shown, recipients.label, recipients.index + 1, recipients.total));
  }

  #notes({ emptyFields, refused }: PreviewRecipients): Note[] {
    const { emptyFields: blank, invalid1, invalid } = this.#words;
    const notes: Note[] = [];
    if (refused > 0)
      notes.push({
        text: count(invalid1, invalid, refused),
        level: 'info',
        act: () => this.#send({ type: 'jump', to: 'invalid' }),
      });
    if (emptyFields.length > 0)
      notes.push({
        text: fill(blank, emptyFields.join(', ')),
        level: 'info',
        act: () => this.#send({ type: 'jump', to: 'blanks' }),
      });
    return notes;
  }

  #setScheme(scheme: PreviewScheme): void {
    this.#kept.keep({ scheme });
    this.#frame.setScheme(scheme);
    this.#panels.sayHint();
  }

  #name(name: string): void {
    this.#title.textContent = fill(this.#words.heading, name);
  }

  #keepScroll(): void {
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = window.setTimeout(() => this.#kept.keep({ scroll: this.#frame.scroll }), KEEP_SCROLL_MS);
  }

  #key(event: KeyboardEvent): void {
    const { key, altKey, ctrlKey, metaKey } = event;
    if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'f') {
      event.preventDefault();
      this.#find.open();
    } else if (altKey && !ctrlKey && !metaKey && /^Arrow(?:Left|Right)$/.test(key)) {
      event.preventDefault();
      this.#send({ type: 'step', by: key === 'ArrowLeft' ? -1 : 1 });
    }
  }
}
