import type { PreviewLetter, PreviewStrings } from '../../src/protocol/previewMessages.ts';
import { words as figures, fill, make } from '../shared/dom.ts';
import { icon } from '../shared/icons.ts';

const CLIP_BYTES = 102 * 1024;
const WARN_BYTES = 90_000;
const ERROR_BYTES = 100_000;

/** The letter as a line of an inbox, before anybody opens it. */
export function inboxLine(words: PreviewStrings): { element: HTMLElement; set(letter: PreviewLetter): void } {
  const avatar = make('span', { class: 'avatar', 'aria-hidden': 'true' });
  const from = make('span', { class: 'inbox-from' });
  const date = make('span', { class: 'inbox-date' });
  const subject = make('span', { class: 'inbox-subject' });
  const preheader = make('span', { class: 'inbox-preheader' });
  const to = make('span', { class: 'inbox-to' });
  const meter = sizeMeter(words);
  const element = make(
    'section',
    { class: 'inbox', 'aria-label': words.inbox },
    avatar,
    make(
      'div',
      { class: 'inbox-lines' },
      make('div', { class: 'inbox-top' }, from, to, meter.element, date),
      make('div', { class: 'inbox-text' }, subject, preheader),
    ),
  );
  return {
    element,
    set(letter) {
      meter.set(letter.size);
      const name = letter.from.name || letter.from.address;
      avatar.textContent = ([...name.trim()][0] ?? '?').toUpperCase();
      avatar.style.setProperty(
        '--hue',
        String([...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 360, 7)),
      );
      from.textContent = name || words.noSender;
      from.title = letter.from.address;
      to.textContent = fill(words.to, letter.to);
      to.title = letter.to;
      date.textContent = figures().clock(letter.date);
      subject.textContent = letter.subject || words.noSubject;
      subject.classList.toggle('missing', letter.subject === '');
      preheader.textContent = letter.preheader ? ` — ${letter.preheader}` : '';
      element.title = letter.preheader ? `${letter.subject}\n${letter.preheader}` : letter.subject;
    },
  };
}

/** How near the letter is to the size at which Gmail cuts it off. */
function sizeMeter(words: PreviewStrings): { element: HTMLElement; set(bytes: number): void } {
  const bar = make('span', { class: 'meter-fill' });
  const label = make('span', { class: 'meter-label' });
  const track = make('span', { class: 'meter-track', 'aria-hidden': 'true' }, bar);
  const element = make(
    'div',
    { class: 'meter', role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 102 },
    label,
    track,
  );
  return {
    element,
    set(bytes) {
      const kilobytes = Math.round(bytes / 100) / 10;
      const level = bytes >= ERROR_BYTES ? 'error' : bytes >= WARN_BYTES ? 'warning' : 'fine';
      element.dataset.level = level;
      bar.style.width = `${Math.min(100, (bytes / CLIP_BYTES) * 100)}%`;
      label.textContent = figures().bytes(bytes);
      const meaning = level === 'error' ? words.sizeError : level === 'warning' ? words.sizeWarn : words.size;
      const text = fill(meaning, kilobytes);
      element.title = text;
      element.setAttribute('aria-valuenow', String(kilobytes));
      element.setAttribute('aria-valuetext', text);
      element.setAttribute('aria-label', text);
    },
  };
}

/** The attachments; opening one opens its file beside the preview. */
export function attachmentList(
  words: PreviewStrings,
  open: (index: number) => void,
): { element: HTMLElement; set(letter: PreviewLetter): void } {
  const element = make('div', { class: 'attachments' });
  return {
    element,
    set({ attachments }) {
      if (attachments.length === 0) {
        element.replaceChildren(make('p', { class: 'empty' }, words.noAttachments));
        return;
      }
      element.replaceChildren(
        make(
          'ul',
          {},
          ...attachments.map((file, index) =>
            make(
              'li',
              {},
              make(
                'button',
                {
                  type: 'button',
                  class: 'file',
                  title: fill(words.openAttachment, file.name),
                  click: () => open(index),
                },
                icon('attachment'),
                make('span', { class: 'file-name' }, file.name),
                make('span', { class: 'file-about' }, `${file.mime} · ${sizeText(file.size)}`),
              ),
            ),
          ),
        ),
      );
    },
  };
}

function sizeText(bytes: number): string {
  return bytes < 0 ? '–' : figures().bytes(bytes);
}

/** Header names and MIME boundaries stand out in the source. */
export function paintSource(source: string): DocumentFragment {
  const painted = document.createDocumentFragment();
  let inHeaders = true;
  for (const line of source.split('\n')) {
    const header = inHeaders ? /^([A-Za-z0-9-]+:)(.*)$/s.exec(line) : null;
    if (line === '') inHeaders = false;
    if (/^--[\w=.'()+,/:?-]{6,}$/.test(line)) {
      inHeaders = !line.endsWith('--');
      painted.append(make('span', { class: 'source-boundary' }, line), '\n');
    } else if (header) painted.append(make('span', { class: 'source-name' }, header[1] ?? ''), `${header[2] ?? ''}\n`);
    else painted.append(`${line}\n`);
  }
  return painted;
}
