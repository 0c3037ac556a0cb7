import type { Recipient } from '../shared/recipient.ts';
import type { ColumnStyle } from './values/cells.ts';

export interface Mailbox {
  name: string;
  address: string;
}

/**
 * The document compiled once. Plain data: it crosses the pipe and is stored as JSON, and composes the same
 * bytes years later. Templates are Liquid; binary files are not in it but are named by path (see AssetReader).
 */
export interface Newsletter {
  version: 1;
  kind: 'newsletter' | 'internal';
  subject: string;
  preheader: string;
  from: Mailbox;
  replyTo: Mailbox | null;
  /** Display name of the recipient in the To header, a template; absent or "" for none. */
  toName?: string;
  /** Whole HTML document as a template: layout applied, CSS inlined, local images as `cid:`. */
  html: string;
  text: string;
  /** Inline images, each embedded once. `data`, base64, where it was written into the letter itself: then there is no such file. */
  images: readonly { path: string; cid: string; type: string; data?: string }[];
  /** Images whose path, a template, names another file for each recipient, or a web address. */
  rowImages?: readonly { path: string }[];
  /** `path` is a template: it may differ by recipient. */
  attachments: readonly { path: string }[];
  /** Front-matter keys that are not Envoi's: variables of the templates. */
  variables: Record<string, unknown>;
  /** Language of dates and numbers in it; absent for English. */
  lang?: string;
  /** By field name: how columns write ambiguous values, `04/03/2026` or `1,234`. */
  columns?: Record<string, ColumnStyle>;
  unsubscribe: { mailto: string; url: string };
  postalAddress: string;
  listId: string;
  feedbackId: string;
  /** Header fields that the letter adds; from the list of allowed ones. */
  headers?: Readonly<Record<string, string>>;
}

/** Reads a pinned file by the path the newsletter names it with. Rejects with a UserError when it is not there. */
export type AssetReader = (path: string) => Promise<Uint8Array>;

export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM, PKCS#1 or PKCS#8; RSA or Ed25519. */
  privateKey: string;
}

/** What differs between two messages to the same recipient in two campaigns. */
export interface MessageContext {
  campaign: string;
  /** Epoch milliseconds of the campaign's start: what “now” is in the letter, and its Date where none is given. */
  date: number;
  /** Install key for Message-ID and unsubscribe token (HMAC-SHA-256). */
  key: Uint8Array;
}

export interface Message {
  from: string;
  to: string;
  messageId: string;
  /** RFC 5322 bytes, CRLF line ends, signed when a key was given. */
  bytes: Uint8Array;
}

/** How a message is sent: what the letter itself does not say. */
export interface Stamp {
  /** When it is first sent, epoch milliseconds. */
  date?: number;
  /** False where the server signs alone. */
  sign?: boolean;
  headers?: Readonly<Record<string, string>>;
  /** Where bounces go; "" = to the sender. */
  returnPath?: string;
}

export interface Composer {
  /** The same stamp makes the same bytes. */
  compose(recipient: Recipient, stamp?: Stamp): Promise<Message>;
  /** The parts of one message before encoding: what the preview shows. Same templates, same values. */
  render(recipient: Recipient): Promise<Rendered>;
  /** No more messages are wanted: the signing key is dropped. */
  close(): void;
}

export interface Rendered {
  subject: string;
  preheader: string;
  html: string;
  text: string;
  to: string;
  attachments: readonly { name: string; path: string; type: string }[];
  /** Images of this recipient's own, by the Content-IDs that the HTML names them with. */
  images: readonly { path: string; cid: string }[];
}
