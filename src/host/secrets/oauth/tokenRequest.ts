import type * as vscode from 'vscode';

export interface TokenRequest {
  context: vscode.ExtensionContext;
  /** Whether a person may be asked to sign in. */
  interactive: boolean;
}
