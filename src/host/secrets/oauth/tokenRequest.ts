import type * as vscode from 'vscode';

export interface TokenRequest {
  context: vscode.ExtensionContext;
  /** For sending, or for reading a mailbox. */
  purpose: 'smtp' | 'imap';
  /** Whether a person may be asked to sign in. */
  interactive: boolean;
}
