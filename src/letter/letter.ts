import type { Compiled, CompileRequest } from '../compose/compileNewsletter.ts';
import type { Document } from '../compose/document/document.ts';
import type { Newsletter } from '../compose/newsletter.ts';
import type { ListProfile } from '../compose/recipients/listProfile.ts';
import type { Finding } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';

/** What a letter needs to know about its list; front doors keep more. */
export interface LetterList {
  /** As findings are to name it. */
  name: string;
  /** Of the rows that get a message; null when there is not even a header. */
  profile: ListProfile | null;
}

/** Sending needs a list with recipients; a test or a rendering does not; a mere view reports as `envoi.checks` says. */
export type Purpose = 'send' | 'test' | 'look';

/** A document with its settings and its list, compiled once, with all findings. */
export interface Letter<List extends LetterList = LetterList> {
  document: Document;
  settings: Settings;
  list: List | null;
  /** Null when there is nothing to show. */
  newsletter: Newsletter | null;
  /** Every file to pin with a campaign, except attachments whose path differs by recipient. */
  assets: readonly string[];
  found: Record<'settings' | 'list' | 'document', readonly Finding[]>;
  /** At the levels of `envoi.checks`; computed on first use. */
  advice(): Promise<readonly Finding[]>;
  /** A copy with these changes. */
  compile(changes: Partial<CompileRequest>): Promise<Compiled>;
}
