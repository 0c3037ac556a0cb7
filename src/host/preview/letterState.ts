import * as vscode from 'vscode';
import type { ListIndex } from '../../compose/index.ts';
import { type Finding, msg, UserError } from '../../shared/errors.ts';
import type { Recipient } from '../../shared/recipient.ts';
import type { Settings } from '../../shared/settings.ts';
import { loadCompose } from '../compose.ts';
import { documentFiles } from '../sending/documentFiles.ts';
import { checkAllowed, listUriOf } from '../sending/listUri.ts';
import { readConfiguration } from '../settings.ts';
import { type LetterResult, readyLetter } from './letterRenderer.ts';
import type { Lists } from './lists.ts';

/** Everything the preview and the problems know of an open document at one moment. */
export interface LetterState {
  uri: vscode.Uri;
  version: number;
  result: LetterResult;
  list: vscode.Uri | null;
  index: ListIndex | null;
  settings: Settings;
  /** Of settings and list; those of the document are in `result`. Files are URIs or settings. */
  findings: readonly Finding[];
  /** Advice on the letter; worked out when it is first asked for. */
  advice: () => readonly Finding[];
}

/** Reads the document as it is in the editor, its list and the settings, and makes the letter ready. */
export async function letterStateOf(
  document: vscode.TextDocument,
  lists: Lists,
  context: vscode.ExtensionContext,
): Promise<LetterState> {
  const compose = await loadCompose();
  const { uri, version } = document;
  const text = document.getText();
  const { settings, findings: settingsFindings } = readConfiguration(uri, context);
  const findings: Finding[] = [...settingsFindings];
  const path = pathOf(document);
  const parsed = compose.parseDocument(text, path);
  let index: ListIndex | null = null;
  let list: vscode.Uri | null = null;
  try {
    list = listUriOf(uri, parsed.frontMatter.recipients);
    if (list) {
      await checkAllowed(uri, list, context);
      index = await lists.get(list);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const written = parsed.places.recipients?.value;
    const beside = error.code === 'missing' || error.code === 'listOutside' || !error.place;
    findings.push({
      severity: 'error',
      code: error.code === 'missing' ? 'listMissing' : error.code,
      text: joined(error),
      place: beside ? { file: uri.toString(), line: 1, ...written, key: 'recipients' } : (error.place ?? { file: '' }),
    });
  }
  if (!list && !parsed.broken) {
    findings.push({
      severity: 'error',
      code: 'recipientsMissing',
      text: msg('No list of recipients: set “recipients” in the front matter, or use “Envoi: Choose Recipients…”.'),
      place: { file: uri.toString(), line: 1, column: 1, key: 'recipients' },
    });
  }
  const result = await readyLetter(compose, {
    text,
    path,
    settings,
    files: documentFiles(uri),
    fields: index ? index.profile.fields.map((field) => field.name) : null,
    now: Date.now(),
  });
  const base: LetterState = {
    uri,
    version,
    result: placed(result, uri, path),
    list,
    index,
    settings,
    findings,
    advice: () => [],
  };
  let advice: readonly Finding[] | undefined;
  base.advice = () => {
    advice ??= compose
      .checkNewsletter({
        document: result.kind === 'ready' ? result.letter.document : result.document,
        newsletter: result.kind === 'ready' ? result.letter.newsletter : null,
        settings,
        ...(index ? { list: index.profile } : {}),
      })
      .filter((finding) => !findings.some(({ code }) => code === finding.code))
      .map((finding) => inUri(finding, uri, path));
    return advice;
  };
  return base;
}

/** Somebody to show the letter for while there is no list: no field is filled in. */
export function madeUpReader(settings: Settings): Recipient {
  return { line: 0, address: settings.testRecipients[0] ?? 'reader@example.org', fields: {} };
}

/** The name decides Markdown or HTML; the editor's language decides where the name says nothing. */
export function pathOf(document: vscode.TextDocument): string {
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1) || 'letter';
  return document.languageId === 'html' && !/\.html?$/i.test(name) ? `${name}.html` : name;
}

function joined(error: UserError): Finding['text'] {
  const shift = error.what.args.length;
  const remedy = error.remedy.template.replace(/\{(\d+)\}/g, (_, index) => `{${Number(index) + shift}}`);
  return { template: `${error.what.template} ${remedy}`, args: [...error.what.args, ...error.remedy.args] };
}

/** Findings name files relative to the document; here they become URIs. */
function placed(result: LetterResult, uri: vscode.Uri, path: string): LetterResult {
  return { ...result, findings: result.findings.map((finding) => inUri(finding, uri, path)) };
}

function inUri(finding: Finding, uri: vscode.Uri, path: string): Finding {
  const file = finding.place.file === path ? uri : vscode.Uri.joinPath(uri, '..', finding.place.file);
  return { ...finding, place: { ...finding.place, file: file.toString() } };
}

export function findingsOf(state: LetterState): readonly Finding[] {
  return [...state.result.findings, ...state.advice(), ...state.findings];
}
