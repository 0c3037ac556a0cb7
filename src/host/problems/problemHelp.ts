import * as vscode from 'vscode';

const COMMAND = 'envoi.explainProblem';

/** The code of a diagnostic, as a link to the page that ships with the extension. */
export function codeWithHelp(code: string): { value: string; target: vscode.Uri } {
  const query = encodeURIComponent(JSON.stringify([code]));
  return { value: code, target: vscode.Uri.from({ scheme: 'command', path: COMMAND, query }) };
}

/** Opens the page at the code's heading. Not in the palette: only a problem's code calls it. */
export function registerProblemHelp(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand(COMMAND, async (code: unknown) => {
    const page = vscode.env.language.toLowerCase().startsWith('fr') ? 'problems.fr.md' : 'problems.md';
    const uri = vscode.Uri.joinPath(context.extensionUri, 'docs', page);
    const fragment = typeof code === 'string' ? code.toLowerCase().replace(/\W/g, '') : '';
    await vscode.commands.executeCommand('markdown.showPreview', uri.with({ fragment }));
  });
}
