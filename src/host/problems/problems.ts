import * as vscode from 'vscode';
import type { Finding } from '../../shared/errors.ts';
import { openPlace, uriOf } from '../errors.ts';
import type { FindingsError } from '../sending/letter.ts';
import { askable, setUpSender } from '../sending/setUpSender.ts';
import { say, words } from '../text.ts';
import { codeWithHelp } from './problemHelp.ts';

/**
 * One message for everything that prevents sending, with a button that goes to the first place to fix. Returns
 * true when everything missing was asked for and set, so that the command can be retried.
 */
export async function showFindings(error: FindingsError): Promise<boolean> {
  const errors = error.findings.filter((finding) => finding.severity === 'error');
  const [first] = errors;
  if (!first) return false;
  const more =
    errors.length > 1 ? ` ${vscode.l10n.t('{0} more in the Problems view.', words.number(errors.length - 1))}` : '';
  const nothing = vscode.l10n.t('Nothing was sent.');
  const go = first.place.key?.startsWith('envoi.') ? vscode.l10n.t('Open Settings') : vscode.l10n.t('Go There');
  const problems = vscode.l10n.t('Show Problems');
  const setUp = vscode.l10n.t('Set Up…');
  const toAsk = askable(errors);
  const buttons = [...(toAsk.length > 0 ? [setUp] : []), go, ...(errors.length > 1 ? [problems] : [])];
  const chosen = await vscode.window.showErrorMessage(`${say(first.text)} ${nothing}${more}`, ...buttons);
  if (chosen === go) await openPlace(first.place);
  if (chosen === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen !== setUp) return false;
  await setUpSender(toAsk);
  return toAsk.length === errors.length;
}

export function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const { place } = finding;
  const line = Math.max(0, (place.line ?? 1) - 1);
  const column = Math.max(0, (place.column ?? 1) - 1);
  const endLine = Math.max(line, (place.endLine ?? place.line ?? 1) - 1);
  const endColumn = place.endColumn === undefined ? Number.MAX_SAFE_INTEGER : place.endColumn - 1;
  const range = new vscode.Range(line, column, endLine, endColumn);
  const diagnostic = new vscode.Diagnostic(range, say(finding.text), severityOf(finding.severity));
  diagnostic.source = 'Envoi';
  diagnostic.code = codeWithHelp(finding.code);
  return diagnostic;
}

function severityOf(severity: Finding['severity']): vscode.DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return vscode.DiagnosticSeverity.Error;
    case 'warning':
      return vscode.DiagnosticSeverity.Warning;
    case 'info':
      return vscode.DiagnosticSeverity.Information;
    default:
      return severity satisfies never;
  }
}

/** What Check and Send found, by file. The live checks of an open document replace it as soon as it is edited. */
export class FoundProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('envoi.check');
  readonly #listening = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.#collection.delete(document.uri);
  });
  readonly #live: (uri: vscode.Uri) => boolean;

  /** `live` tells whether other code already shows the problems of this file while it is open. */
  constructor(live: (uri: vscode.Uri) => boolean) {
    this.#live = live;
  }

  show(findings: readonly Finding[]): void {
    this.#collection.clear();
    const byFile = new Map<string, Finding[]>();
    for (const finding of findings) {
      const { file, key } = finding.place;
      if (!key?.startsWith('envoi.')) byFile.set(file, [...(byFile.get(file) ?? []), finding]);
    }
    for (const [file, found] of byFile) {
      const uri = uriOf(file);
      if (!this.#live(uri)) this.#collection.set(uri, found.map(diagnosticOf));
    }
  }

  dispose(): void {
    this.#listening.dispose();
    this.#collection.dispose();
  }
}
