import type { Finding } from '../../shared/errors.ts';

/** Lines and columns count from 1; `end` is exclusive. */
export interface Span {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Envoi's own front-matter keys, checked. An absent key is absent here. */
export interface FrontMatter {
  subject?: string;
  preheader?: string;
  from?: string;
  replyTo?: string;
  /** Display name in the To header, a template. */
  toName?: string;
  /** Lists of recipients; a reader on several is taken from the first. */
  recipients?: readonly string[];
  layout?: string;
  attachments?: readonly string[];
  text?: string;
  list?: string;
  kind?: 'newsletter' | 'internal';
  lang?: string;
  /** `keep` leaves style sheets as they are; otherwise rules are written into the elements they match. */
  css?: 'inline' | 'keep';
  /** Colour of links and buttons in the built-in layout, `#rrggbb`. */
  accent?: string;
  /** Makes this letter the same as another document with this id: nobody gets both. */
  id?: string;
  /** The column of the list that contains the addresses, where another would be chosen. */
  address?: string;
  /** Which rows of the list get the letter: a condition as in `{% if … %}`. */
  where?: string;
  /** Lists whose addresses do not get it. */
  except?: readonly string[];
  /** The list's encoding, where detection is wrong. */
  encoding?: string;
  /** Which sheet of a workbook contains the readers, where another one would be chosen. */
  sheet?: string;
  /** Columns of the list that may concern consent, as written: values whose rows get nothing, or `ignore`. */
  leaveOut?: Readonly<Record<string, 'ignore' | readonly string[]>>;
  /** Header fields to add to every message. */
  headers?: Readonly<Record<string, string>>;
}

/** The open document, taken apart but not yet compiled. Nothing in it has been read from other files. */
export interface Document {
  /** As its reader knows it; the `file` of every place. */
  path: string;
  format: 'markdown' | 'html';
  text: string;
  frontMatter: FrontMatter;
  /** Keys that are not Envoi's: variables of the templates. */
  variables: Record<string, unknown>;
  /** Where each front-matter key and its value stand. List items have the key `attachments[0]`. */
  places: Record<string, { key: Span; value: Span }>;
  /** True when the document begins with a front-matter block, even an empty or broken one. */
  hasFrontMatter: boolean;
  /** True when the block cannot be read: what it says is not known, so nothing may be called missing. */
  broken: boolean;
  body: string;
  /** Line of the body's first character. */
  bodyLine: number;
  findings: readonly Finding[];
}
