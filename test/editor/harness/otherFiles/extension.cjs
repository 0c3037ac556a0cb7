// For tests: `other://box/…` is the folder that the setting names. Like most of its kind it tells of no changes on disk.
const fs = require('node:fs/promises');
const { join } = require('node:path');
const vscode = require('vscode');

const LETTER = 'other://box/letters/letter.md';
const place = (uri) => join(vscode.workspace.getConfiguration('otherFiles').get('folder'), uri.path);

async function missing(uri, work) {
  try {
    return await work(place(uri));
  } catch {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
}

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => {}),
    stat: (uri) =>
      missing(uri, async (path) => {
        const found = await fs.stat(path);
        const type = found.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File;
        return { type, size: found.size, mtime: found.mtimeMs, ctime: found.ctimeMs };
      }),
    readDirectory: (uri) =>
      missing(uri, async (path) =>
        (await fs.readdir(path, { withFileTypes: true })).map((item) => [
          item.name,
          item.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File,
        ]),
      ),
    readFile: (uri) => missing(uri, (path) => fs.readFile(path)),
    writeFile: async (uri, content) => {
      await fs.writeFile(place(uri), content);
      changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    createDirectory: (uri) => fs.mkdir(place(uri)),
    delete: (uri) => fs.rm(place(uri)),
    rename: (from, to) => fs.rename(place(from), place(to)),
  };
  context.subscriptions.push(
    changed,
    vscode.workspace.registerFileSystemProvider('other', provider),
    vscode.commands.registerCommand('otherFiles.open', () => vscode.window.showTextDocument(vscode.Uri.parse(LETTER))),
  );
};
