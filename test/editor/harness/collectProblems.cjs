// Runs in the extension host: opens each letter of `cases.json` with its settings, waits for the problem it is about, and
// writes all that the Problems view has for its folder.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

const PATIENCE_MS = 30_000;

/** Resolves when `fits` holds; checked whenever problems change. */
function problemsThat(fits) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!fits()) return;
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error('the problem did not come'));
    }, PATIENCE_MS);
    look();
  });
}

/** As the Problems view has them, of files below a folder; lines count from 1. */
function problemsBelow(folder) {
  return vscode.languages
    .getDiagnostics()
    .filter(([uri]) => uri.fsPath.startsWith(folder))
    .flatMap(([uri, diagnostics]) =>
      diagnostics
        .filter(({ source }) => source === 'Envoi')
        .map(({ code, message, range }) => ({
          code: typeof code === 'object' ? code.value : code,
          text: message,
          file: uri.fsPath.slice(folder.length + 1),
          line: range.start.line + 1,
        })),
    );
}

async function run() {
  const root = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const { cases, base } = JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8'));
  const configuration = () => vscode.workspace.getConfiguration();
  const found = [];
  for (const { folder, letter, code, settings, asked } of cases) {
    for (const [key, value] of Object.entries(settings ?? {}))
      await configuration().update(key, value ?? undefined, vscode.ConfigurationTarget.Global);
    const below = join(root, folder);
    await vscode.window.showTextDocument(vscode.Uri.file(join(below, letter)));
    if (asked) void vscode.commands.executeCommand('envoi.checkNewsletter');
    const has = () => problemsBelow(below).some((problem) => problem.code === code);
    const missed = await problemsThat(has).catch((error) => error.message);
    found.push({ folder, problems: problemsBelow(below), ...(missed ? { missed } : {}) });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const key of Object.keys(settings ?? {}))
      await configuration().update(key, base[key], vscode.ConfigurationTarget.Global);
  }
  writeFileSync(join(root, 'found.json'), JSON.stringify(found));
}

module.exports = { run };
