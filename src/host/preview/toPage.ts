import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Files } from '../../compose/files.ts';
import { imageBytes } from '../../compose/html/dataUrl.ts';
import { listName, listsOf } from '../../compose/recipients/eachList.ts';
import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import { readAs } from '../../letter/plan/aboutList.ts';
import type {
  PreviewFailure,
  PreviewLetter,
  PreviewProblem,
  PreviewRecipients,
  ToPreview,
} from '../../protocol/previewMessages.ts';
import { type Finding, msg, type Place, UserError } from '../../shared/errors.ts';
import type { Recipient } from '../../shared/recipient.ts';
import { uriOf } from '../errors.ts';
import type { LetterView } from '../openLetter/letterRenderer.ts';
import type { LetterState } from '../openLetter/letterState.ts';
import { readerName, say } from '../text.ts';

/** What the preview's page gets, made from the letter's state. */

export interface Failure {
  failure: PreviewFailure;
  /** The place to fix. */
  place: Place | undefined;
}

/** For a letter that does not compile: the first error represents all. */
export function failureOfFindings(findings: readonly Finding[]): Failure {
  const first = findings.find((finding) => finding.severity === 'error');
  const text = first ? say(first.text) : vscode.l10n.t('The letter cannot be rendered.');
  return { failure: { text, remedy: '', hasPlace: first !== undefined }, place: first?.place };
}

export function failureOf(error: unknown): Failure {
  const known = error instanceof UserError ? error : undefined;
  const text = known
    ? say(known.what)
    : vscode.l10n.t('The preview failed: {0}', error instanceof Error ? error.message : String(error));
  const remedy = known ? say(known.remedy) : '';
  return { failure: { text, remedy, hasPlace: known?.place !== undefined }, place: known?.place };
}

/** The most severe first. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  const rank = { error: 0, warning: 1, info: 2 };
  return findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}

export function problemOf({ severity, text, place }: Finding): PreviewProblem {
  const isSetting = place.key?.startsWith('envoi.') === true;
  const where = isSetting
    ? (place.key ?? '')
    : `${posix.basename(uriOf(place.file).path)}${place.line ? `:${place.line}` : ''}`;
  return { severity, text: say(text), where };
}

/** The reader shown, number `at` of the list, and what the list and the letter have in common. */
export function recipientsOf(
  { letter: { list }, view }: LetterState,
  recipient: Recipient,
  at: number,
): PreviewRecipients {
  const index = list?.index;
  const names = view?.names ?? [];
  const used = index ? index.profile.fields.filter((field) => names.includes(field.name)) : [];
  return {
    index: index && index.profile.count > 0 ? at : -1,
    total: index?.profile.count ?? 0,
    label: index ? readerName(recipient) : '',
    address: index ? recipient.address : '',
    line: recipient.line,
    refused: Object.values(index?.profile.refused ?? {}).reduce((sum, count) => sum + count, 0),
    blanks: used.filter((field) => field.blanks > 0).length,
    emptyFields: used.filter((field) => !recipient.fields[field.name]).map((field) => field.name),
    list: index ? listWords(listsOf(index.profile)[recipient.list ?? 0] ?? index.profile, recipient) : '',
  };
}

/** “members.csv, line 12; Mailchimp export, UTF-8”. */
function listWords(profile: ListProfile, { line }: Recipient): string {
  return say(msg('{0}, line {1}; {2}', listName(profile.file), String(line), readAs(profile)));
}

type Images = Extract<ToPreview, { type: 'images' }>['images'];

/** The letter of one reader, and those of its pictures that the page does not have yet. */
export async function letterOf(
  letter: LetterView,
  recipient: Recipient,
  files: Files,
  hasImage: (cid: string) => boolean,
): Promise<{ letter: Omit<PreviewLetter, 'version'>; images: Images; linesLater: Promise<void> | undefined }> {
  const { rendered, markedHtml, hasLines, linesLater } = await letter.render(recipient);
  const own = rendered.images.map((image) => ({ ...image, type: '' }));
  const wanted = [...letter.newsletter.images, ...own].filter(({ cid }) => !hasImage(cid));
  const images = await Promise.all(
    wanted.map(async ({ cid, type, ...image }) => {
      const bytes = await imageBytes(image, files.read).catch(() => null);
      return bytes ? [{ cid, mime: type, bytes }] : [];
    }),
  );
  const attachments = await Promise.all(
    rendered.attachments.map(async ({ name, path, type }) => {
      const size = await files.read(path).then(
        (content) => content.byteLength,
        () => -1,
      );
      return { name, mime: type, size };
    }),
  );
  return {
    linesLater,
    images: images.flat(),
    letter: {
      from: letter.newsletter.from,
      to: rendered.to,
      subject: rendered.subject,
      preheader: rendered.preheader,
      html: markedHtml,
      text: rendered.text,
      bodyLine: letter.document.bodyLine,
      hasLines,
      size: Buffer.byteLength(rendered.html, 'utf8'),
      attachments,
      date: Date.now(),
    },
  };
}

const MAX_SOURCE = 2_000_000;

/** The message's bytes as text, or why there are none. */
export async function sourceOf(letter: LetterView, recipient: Recipient): Promise<string> {
  try {
    const source = Buffer.from(await letter.source(recipient))
      .toString('utf8')
      .replaceAll('\r\n', '\n');
    return source.length > MAX_SOURCE ? `${source.slice(0, MAX_SOURCE)}\n…` : source;
  } catch (error) {
    return error instanceof UserError ? `${say(error.what)} ${say(error.remedy)}` : String(error);
  }
}
