import * as vscode from 'vscode';
import { editorSetting } from '../settings.ts';

const LISTS: vscode.DocumentSelector = [{ pattern: '**/*.csv' }, { pattern: '**/*.tsv' }];
const ADDRESS = /[^\s,;"'<>@]+@[^\s,;"'<>@]+\.[^\s,;"'<>@]{2,}/;
const LOOKED_AT = 20;
/** Characters. */
const MOST = 5_000;

/** Above a list with addresses in its first rows: write to these people. */
export function registerListLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(LISTS, {
    provideCodeLenses(document) {
      const start = document.getText(new vscode.Range(0, 0, LOOKED_AT, 0)).slice(0, MOST);
      if (!ADDRESS.test(start) || editorSetting<boolean>('codeLens', document.uri) === false) return [];
      const title = vscode.l10n.t('Write to This List…');
      return [
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
          title,
          command: 'envoi.writeToList',
          arguments: [document.uri],
        }),
      ];
    },
  });
}
