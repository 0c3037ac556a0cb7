import * as vscode from 'vscode';

/** The part of the editor's own git extension that we use (its API version 1). Only that extension runs git, never Envoi. */
interface GitRepository {
  readonly rootUri: vscode.Uri;
  /** Those of the paths that git ignores. A tracked file is never ignored. */
  checkIgnore(paths: string[]): Promise<Set<string>>;
  /** Rejects when the file is not in the tree, or with '' for it not in the index. */
  getObjectDetails(treeish: string, path: string): Promise<unknown>;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<string>;
  getRepository(uri: vscode.Uri): GitRepository | null;
}

export type InGit = { kind: 'none' | 'ignored' } | { kind: 'tracked' | 'untracked'; root: vscode.Uri };

/** How git treats a file in this window's repositories; none in Restricted Mode or without the git extension. */
export async function inGit(uri: vscode.Uri): Promise<InGit> {
  const repository = uri.scheme === 'file' && vscode.workspace.isTrusted ? await repositoryOf(uri) : null;
  if (!repository) return { kind: 'none' };
  const root = repository.rootUri;
  const path = uri.fsPath;
  if ((await repository.checkIgnore([path])).has(path)) return { kind: 'ignored' };
  const tracked = await repository.getObjectDetails('', path).then(
    () => true,
    () => false,
  );
  return { kind: tracked ? 'tracked' : 'untracked', root };
}

async function repositoryOf(uri: vscode.Uri): Promise<GitRepository | null> {
  const extension = vscode.extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>('vscode.git');
  if (!extension) return null;
  const git = extension.isActive ? extension.exports : await extension.activate();
  if (!git?.enabled) return null;
  const api = git.getAPI(1);
  if (api.state === 'uninitialized') {
    await new Promise<void>((resolve) => {
      const listening = api.onDidChangeState(() => {
        listening.dispose();
        resolve();
      });
    });
  }
  return api.getRepository(uri);
}
