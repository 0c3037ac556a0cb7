import type { Compiled, CompileRequest } from '../compose/compileNewsletter.ts';
import type { Document } from '../compose/document/document.ts';
import type { Newsletter } from '../compose/newsletter.ts';
import type { ListProfile } from '../compose/recipients/listProfile.ts';
import type { Finding } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';

/** What a letter must know of its list; front doors keep more of it. */
export interface LetterList {
  /** As findings are to name it. */
  name: string;
  /** Of the rows that get a message; null when there is not even a header. */
  profile: ListProfile | null;
}

/** To send needs a list with somebody on it; a test or a rendering does not; who only looks is told as `envoi.checks` says. */
export type Purpose = 'send' | 'test' | 'look';

/** A document with its settings and its list, compiled once, and all that was found on the way. */
export interface Letter<List extends LetterList = LetterList> {
  document: Document;
  settings: Settings;
  list: List | null;
  /** Null when there is nothing to show. */
  newsletter: Newsletter | null;
  /** Every file to pin with a campaign, but attachments whose path differs by recipient. */
  assets: readonly string[];
  found: Record<'settings' | 'list' | 'document', readonly Finding[]>;
  /** At the levels of `envoi.checks`; worked out when it is first asked for. */
  advice(): Promise<readonly Finding[]>;
  /** The same again, but for these changes. */
  compile(changes: Partial<CompileRequest>): Promise<Compiled>;
}
