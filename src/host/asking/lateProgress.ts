import * as vscode from 'vscode';
import { Cancelled } from '../errors.ts';

const AFTER_MS = 800;

/** Runs the task; a notification appears only when it takes long, and its Cancel throws Cancelled at once. */
export async function lateProgress<T>(
  title: string,
  task: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const running = task(source.token);
  running.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), AFTER_MS);
  });
  try {
    if ((await Promise.race([running, late])) === 'late') {
      const location = vscode.ProgressLocation.Notification;
      await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
        const cancelled = new Promise<never>((_resolve, reject) => {
          token.onCancellationRequested(() => {
            source.cancel();
            reject(new Cancelled());
          });
        });
        return Promise.race([running, cancelled]);
      });
    }
    return await running;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
