/** Messages between the preview's page and the extension. Both sides check `type`; unknown messages are ignored. */
export type ToPreview =
  | { type: 'letter'; letter: PreviewLetter }
  /** Bytes of inline images the page does not have yet, by Content-ID. */
  | { type: 'images'; images: readonly { cid: string; mime: string; bytes: Uint8Array }[] }
  | { type: 'recipients'; recipients: PreviewRecipients }
  /** No letter can be made at the moment; the last good one stays. `null` removes the banner. */
  | { type: 'failure'; failure: PreviewFailure | null }
  | { type: 'problems'; problems: readonly PreviewProblem[] }
  | { type: 'source'; version: number; source: string }
  /** Line of the document at the top of the editor, from 1; the fraction is how far into it. */
  | { type: 'scrollTo'; line: number }
  /** The panel shows another document from now on, or the same under another name. */
  | { type: 'document'; document: PreviewDocument };

export type FromPreview =
  | { type: 'ready'; view: PreviewView | null }
  | { type: 'step'; by: 1 | -1 }
  | { type: 'jump'; to: PreviewJump }
  | { type: 'pickRecipient' }
  | { type: 'source'; version: number }
  | { type: 'scrolled'; line: number }
  | { type: 'reveal'; line: number }
  | { type: 'openProblem'; index: number }
  | { type: 'openLink'; url: string }
  | { type: 'openAttachment'; index: number }
  | { type: 'allowImages'; allowed: boolean }
  | { type: 'copy'; text: string }
  /** Stay with this document, or follow the editor. */
  | { type: 'lock'; locked: boolean };

export type PreviewJump = 'longest' | 'blanks' | 'invalid';

/** One message as its recipient gets it, before encoding. */
export interface PreviewLetter {
  /** Rises with every letter; a reply that names an older one is stale. */
  version: number;
  from: { name: string; address: string };
  to: string;
  subject: string;
  preheader: string;
  /** As sent, but blocks may carry `data-line` (line in the body from 0) and images are still `cid:`. */
  html: string;
  text: string;
  /** Line of the body's first character in the document, from 1. */
  bodyLine: number;
  /** Whether `html` carries `data-line`. */
  hasLines: boolean;
  /** Octets of the HTML part as sent, without transfer encoding. */
  size: number;
  attachments: readonly { name: string; mime: string; size: number }[];
  /** Epoch ms, for the inbox line. */
  date: number;
}

export interface PreviewRecipients {
  /** Place in the list from 0; -1 while there is no list and an invented reader is shown. */
  index: number;
  total: number;
  /** Name or address of the one shown. */
  label: string;
  address: string;
  /** Line in the list. */
  line: number;
  /** Rows of the list that get no message. */
  refused: number;
  /** How many of the letter's fields are empty in some rows; 0 turns the jump off. */
  blanks: number;
  /** Fields of this letter that are empty for this recipient. */
  emptyFields: readonly string[];
  /** The list, the line and how the list was read, in words; "" for none. */
  list: string;
}

export interface PreviewFailure {
  text: string;
  remedy: string;
  /** True when there is a place to go to: the page offers it as problem -1. */
  hasPlace: boolean;
}

export interface PreviewProblem {
  severity: 'error' | 'warning' | 'info';
  text: string;
  /** `letter.md:3`, or "" when there is no place. */
  where: string;
}

export type PreviewTab = 'html' | 'text' | 'source' | 'attachments';
export type PreviewWidth = 'desktop' | 'tablet' | 'phone';
/** How mail programs show a letter: "own" with its own dark styles, "partial" and "full" by inverting its colours. */
export type PreviewScheme = 'light' | 'own' | 'partial' | 'full';

export interface PreviewDocument {
  uri: string;
  /** File name. */
  name: string;
  /** Whether the panel stays with it when another letter is opened. */
  locked: boolean;
}

/** What the page keeps across a reload of the window. */
export interface PreviewView {
  document: string;
  index: number;
  tab: PreviewTab;
  width: PreviewWidth;
  scheme: PreviewScheme;
  scroll: number;
  images: boolean;
  problemsOpen: boolean;
  inboxOpen: boolean;
  locked: boolean;
}

/** Every text the page shows; `{0}` is a placeholder. */
export interface PreviewStrings {
  toolbar: string;
  previous: string;
  next: string;
  pick: string;
  position: string;
  noList: string;
  longest: string;
  blanks: string;
  invalid1: string;
  invalid: string;
  width: string;
  desktop: string;
  tablet: string;
  phone: string;
  scheme: string;
  light: string;
  own: string;
  partial: string;
  full: string;
  ownHint: string;
  ownMissing: string;
  partialHint: string;
  fullHint: string;
  imagesBlocked1: string;
  imagesBlocked: string;
  imagesShow: string;
  imagesHide: string;
  tabs: string;
  html: string;
  text: string;
  source: string;
  attachments: string;
  noAttachments: string;
  openAttachment: string;
  inbox: string;
  noSubject: string;
  noSender: string;
  to: string;
  size: string;
  sizeWarn: string;
  sizeError: string;
  frame: string;
  blocks1: string;
  blocks: string;
  warnings1: string;
  warnings: string;
  emptyFields: string;
  lastGood: string;
  goThere: string;
  linkHint: string;
  copy: string;
  copied: string;
  waiting: string;
  shown: string;
  heading: string;
  more: string;
  show: string;
  problems: string;
  look: string;
  lock: string;
  find: string;
  findInLetter: string;
  findNext: string;
  findPrevious: string;
  findNone: string;
  close: string;
}
