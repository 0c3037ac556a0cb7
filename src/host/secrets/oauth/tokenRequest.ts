import type * as vscode from 'vscode';

export interface TokenRequest {
  context: vscode.ExtensionContext;
  /** To send, or to read a mailbox. */
  purpose: 'smtp' | 'imap';
  /** Whether a person may be asked to sign in. */
  interactive: boolean;
}
