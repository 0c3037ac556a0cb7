import type { TestContext } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import type { Files } from '../../src/compose/files.ts';
import { letterView } from '../../src/host/openLetter/letterRenderer.ts';
import * as compose from '../../src/letter/index.ts';
import type { PreviewLetter } from '../../src/protocol/previewMessages.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { msg, UserError } from '../../src/shared/errors.ts';
import type { Recipient } from '../../src/shared/recipient.ts';
import { namedStrings, type OpenOptions, type OpenPage, openPage } from './openPage.ts';

export const previewWords = { ...namedStrings('preview'), position: '{0} of {1}', to: 'to {0}', size: '{0} kB' };

export const letterSettings: compose.ComposeSettings = {
  from: 'Ada Byron <ada@example.org>',
  replyTo: '',
  unsubscribe: { mailto: 'leave@example.org', url: 'https://example.org/leave?t={{ token }}' },
  postalAddress: '12 Analytical Row, London',
  listId: 'news.example.org',
  feedbackId: '',
};

/** The files beside a letter; `asked` notes every path that was wanted. */
export function filesOf(contents: Record<string, Uint8Array | string>, asked: string[] = []): Files {
  return {
    async read(path) {
      asked.push(path);
      const content = Object.hasOwn(contents, path) ? contents[path] : undefined;
      if (content === undefined)
        throw new UserError(path.startsWith('..') ? 'outside' : 'missing', msg('Not there.'), msg('Add it.'));
      return typeof content === 'string' ? Buffer.from(content) : content;
    },
  };
}

export const eve: Recipient = {
  line: 2,
  address: 'eve@example.org',
  fields: { email: 'eve@example.org', first_name: 'Eve', city: 'Lille' },
};

export async function letterOf(text: string, files = filesOf({}), path = 'letter.md', settings = letterSettings) {
  const list = compose.memoryList(Buffer.from('email,first_name,city\neve@example.org,Eve,Lille\n'));
  const { profile } = await compose.indexRecipients(list, { file: 'readers.csv' });
  const letter = await compose.readLetter({
    text,
    path,
    settings: { settings: { ...defaultSettings, ...settings }, findings: [] },
    files,
    nameOf: (file) => file,
    list: async () => ({ name: 'readers.csv', profile }),
    purpose: 'look',
    lines: true,
  });
  const view = await letterView(compose, letter, files, Date.UTC(2026, 10, 23));
  if (!view) throw new Error(`does not compile: ${JSON.stringify(letter.found.document)}`);
  return Object.assign(view, { findings: letter.found.document });
}

/** What the extension sends the page for a letter and a recipient. */
export async function messageOf(text: string, recipient = eve, files = filesOf({}), path = 'letter.md', version = 1) {
  const ready = await letterOf(text, files, path);
  const { rendered, markedHtml, hasLines } = await ready.render(recipient);
  const letter: PreviewLetter = {
    version,
    from: ready.newsletter.from,
    to: rendered.to,
    subject: rendered.subject,
    preheader: rendered.preheader,
    html: markedHtml,
    text: rendered.text,
    bodyLine: ready.document.bodyLine,
    hasLines,
    size: Buffer.byteLength(rendered.html),
    attachments: rendered.attachments.map(({ name, type }) => ({ name, mime: type, size: 10 })),
    date: Date.UTC(2026, 10, 23, 9),
  };
  return { type: 'letter' as const, letter };
}

export interface OpenPreview extends OpenPage {
  /** The frame that shows the letter now. */
  letter(): Promise<Frame>;
}

/** Opens the menu and takes an entry, as a person does. */
export async function chooseInMenu(page: Page, label: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'more', exact: true }).click();
  await page.locator('.menu [role^="menuitem"]').filter({ hasText: label }).first().click();
}

export async function openPreview(test: TestContext, options: Partial<OpenOptions> = {}): Promise<OpenPreview> {
  const opened = await openPage(test, {
    bundle: 'preview',
    strings: previewWords,
    data: { document: 'file:///letters/letter.md', name: 'letter.md', images: options.remoteImages ? 'yes' : 'no' },
    ...options,
  });
  return {
    ...opened,
    async letter() {
      const frame = opened.page.locator('iframe.letter:not(.waiting)');
      await frame.waitFor();
      const content = await (await frame.elementHandle())?.contentFrame();
      if (!content) throw new Error('The letter has no frame.');
      return content;
    },
  };
}
