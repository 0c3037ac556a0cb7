import * as vscode from 'vscode';

const COMMAND = 'envoi.explainProblem';

/** The code of a diagnostic, as a link to the page that ships with the extension. */
export function codeWithHelp(code: string): { value: string; target: vscode.Uri } {
  const query = encodeURIComponent(JSON.stringify([code]));
  return { value: code, target: vscode.Uri.from({ scheme: 'command', path: COMMAND, query }) };
}

/** Pages that ship with the extension: what each problem means, and where everything lives. */
const pages = ['problems', 'places'];

/** Opens a page at a heading. Not in the palette: only a problem's code or a message's button calls it. */
export function registerProblemHelp(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand(COMMAND, async (code: unknown, wanted: unknown) => {
    const page = pages.find((name) => name === wanted) ?? 'problems';
    const name = vscode.env.language.toLowerCase().startsWith('fr') ? `${page}.fr.md` : `${page}.md`;
    const uri = vscode.Uri.joinPath(context.extensionUri, 'docs', name);
    const fragment = typeof code === 'string' ? code.toLowerCase().replace(/\W/g, '') : '';
    await vscode.commands.executeCommand('markdown.showPreview', uri.with({ fragment }));
  });
}
