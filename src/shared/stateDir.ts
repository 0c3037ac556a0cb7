import { homedir } from 'node:os';
import { join } from 'node:path';

/** The default place of campaigns: the same for the editor and the command line, so that both see all. */
export function defaultStateDir(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  switch (platform) {
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'envoi');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'envoi');
    default:
      return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'envoi');
  }
}
