import type { PreviewLetter, PreviewScheme, PreviewStrings, PreviewTab } from './previewMessages.ts';

/** Messages between the mailbox's page and the extension. */
export type ToMailbox =
  | { type: 'letters'; letters: readonly MailboxLine[] }
  | { type: 'images'; images: readonly { cid: string; mime: string; bytes: Uint8Array }[] }
  | { type: 'letter'; id: string; letter: PreviewLetter; source: string };

export type FromMailbox =
  | { type: 'ready' }
  | { type: 'open'; id: string }
  | { type: 'openAttachment'; id: string; index: number }
  | { type: 'openLink'; url: string }
  | { type: 'copy'; text: string }
  | { type: 'deleteAll' };

export interface MailboxLine {
  id: string;
  from: string;
  to: string;
  subject: string;
  /** When, in words. */
  when: string;
}

/** What the page keeps across a reload of the window. */
export interface MailboxView {
  id: string;
  search: string;
  tab: PreviewTab;
  scheme: PreviewScheme;
}

export interface MailboxStrings {
  /** Those of the letter itself are the preview's. */
  preview: PreviewStrings;
  title: string;
  about: string;
  search: string;
  none: string;
  noMatch: string;
  letters: string;
  choose: string;
  back: string;
  deleteAll: string;
}
