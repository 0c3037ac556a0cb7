import * as vscode from 'vscode';
import type { Compiled } from '../../compose/compileNewsletter.ts';
import type { Document } from '../../compose/document/document.ts';
import type { Newsletter } from '../../compose/newsletter.ts';
import { type Finding, msg, UserError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import { loadCompose } from '../compose.ts';
import { Cancelled } from '../errors.ts';
import { readConfiguration } from '../settings.ts';
import { documentFiles } from './documentFiles.ts';
import { type ListSummary, readList } from './list.ts';
import { checkAllowed, listUriOf } from './listUri.ts';

/** Everything that is sent, gathered once from the open document, its list and the settings. */
export interface Letter {
  uri: vscode.Uri;
  text: string;
  document: Document;
  settings: Settings;
  list: vscode.Uri | null;
  newsletter: Newsletter;
  assets: readonly string[];
  summary: ListSummary | null;
  findings: readonly Finding[];
}

export interface GatherOptions {
  context: vscode.ExtensionContext;
  /** Whether a list must be there. A test can go out without one. */
  needsList: boolean;
  /** Addresses and domains that get nothing. */
  isSuppressed?: (address: string) => boolean;
  token?: vscode.CancellationToken;
}

/** Findings that forbid sending, thrown together so that they reach the Problems view. */
export class FindingsError extends Error {
  readonly findings: readonly Finding[];
  readonly uri: vscode.Uri;

  constructor(uri: vscode.Uri, findings: readonly Finding[]) {
    super('the newsletter has errors');
    this.name = 'FindingsError';
    this.uri = uri;
    this.findings = findings;
  }
}

/** Reads the editor's text as it is now, unsaved or not: what is seen is what is sent. */
export async function gatherLetter(editorDocument: vscode.TextDocument, options: GatherOptions): Promise<Letter> {
  const compose = await loadCompose();
  const uri = editorDocument.uri;
  const text = editorDocument.getText();
  const document = compose.parseDocument(text, nameOf(editorDocument));
  const { settings, findings: settingsFindings } = readConfiguration(uri, options.context);
  const list = listUriOf(uri, document.frontMatter.recipients);
  const findings: Finding[] = [...settingsFindings];
  let summary: ListSummary | null = null;
  if (list) {
    const read = async () => {
      await checkAllowed(uri, list, options.context);
      return readList(compose, list, { isSuppressed: options.isSuppressed ?? (() => false), ...tokenOf(options) });
    };
    summary = await read().catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      findings.push({
        severity: 'error',
        code: error.code === 'missing' ? 'listMissing' : error.code,
        text: msg('{0} {1}', error.what, error.remedy),
        place: placeOf(error, document, list),
      });
      return null;
    });
  } else if (options.needsList && !document.broken) {
    findings.push({
      severity: 'error',
      code: 'recipientsMissing',
      text: msg('No list of recipients: set “recipients” in the front matter, or use “Envoi: Choose Recipients…”.'),
      place: { file: document.path, line: 1, column: 1, key: 'recipients' },
    });
  }
  const compiled: Compiled = await compose.compileNewsletter({
    document,
    settings,
    files: documentFiles(uri),
    ...(summary ? { fields: summary.fields.map((field) => field.name) } : {}),
  });
  findings.push(...compiled.findings.map((finding) => withUri(finding, uri, document.path)));
  const advice = compose.checkNewsletter({
    document,
    newsletter: compiled.newsletter,
    settings,
    ...(summary?.profile ? { list: summary.profile } : {}),
  });
  const news = advice.filter(({ code }) => !findings.some((known) => known.code === code));
  findings.push(...news.map((finding) => withUri(finding, uri, document.path)));
  if (summary && options.needsList && summary.good === 0) {
    findings.push({
      severity: 'error',
      code: 'nobodyLeft',
      text: msg('Nobody on the list can be sent to: of {0} rows none is left.', summary.good + summary.refused),
      place: { file: summary.uri.toString(), line: 1 },
    });
  }
  if (options.token?.isCancellationRequested) throw new Cancelled();
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0 || !compiled.newsletter) throw new FindingsError(uri, findings);
  return {
    uri,
    text,
    document,
    settings,
    list,
    newsletter: compiled.newsletter,
    assets: compiled.assets,
    summary,
    findings,
  };
}

function nameOf(document: vscode.TextDocument): string {
  const name = document.uri.toString();
  return document.languageId === 'html' && !/\.html?$/i.test(document.uri.path) ? `${name}.html` : name;
}

function placeOf(error: UserError, document: Document, list: vscode.Uri): Finding['place'] {
  if (error.code !== 'missing' && error.code !== 'listOutside')
    return error.place ?? { file: list.toString(), line: 1 };
  const written = document.places.recipients?.value;
  return written ? { file: document.path, ...written, key: 'recipients' } : { file: document.path, line: 1 };
}

function tokenOf(options: GatherOptions): { token?: vscode.CancellationToken } {
  return options.token ? { token: options.token } : {};
}

/** A layout or text file is named relative to the document; places outside this module are URIs. */
function withUri(finding: Finding, uri: vscode.Uri, documentPath: string): Finding {
  const { file } = finding.place;
  if (file === documentPath) return { ...finding, place: { ...finding.place, file: uri.toString() } };
  if (/^[a-z][a-z0-9+.-]+:/i.test(file)) return finding;
  return { ...finding, place: { ...finding.place, file: vscode.Uri.joinPath(uri, '..', file).toString() } };
}
