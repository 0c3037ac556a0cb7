import { execFileSync } from 'node:child_process';
import { accessSync, constants, lstatSync, realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';

/** Longer than git ever takes; after that, something is blocking it. */
const GIT_MS = 2_000;

/** The environment variables git needs; passwords, and variables that control git, are not passed on. */
const passed = ['HOME', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'XDG_CONFIG_HOME', 'SYSTEMROOT', 'TEMP', 'TMP'];

/**
 * The nearest folder, from this one upwards, that contains a repository of this user; null without one. Searched for, not
 * asked of git: a repository's own settings may name any folder as its root.
 */
export function repositoryOf(folder: string): string | null {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    if (isOwn(join(at, '.git'))) return isOwn(at) ? at : null;
    if (dirname(at) === at) return null;
  }
}

/**
 * The commit that is checked out where a document is, "" without one. In a repository that may be a stranger's only
 * "git rev-parse HEAD" is run, which executes nothing from it, and only where folder and repository belong to this user.
 * Whether the document differs from the commit is not determined: "git status" runs filters, hooks and monitors that the
 * repository names.
 */
export function gitCommit(documentPath: string): string {
  try {
    const root = repositoryOf(dirname(documentPath));
    const git = root && gitProgram(root);
    if (!root || !git) return '';
    const said = execFileSync(git, ['-C', root, 'rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 10_000,
      windowsHide: true,
      env: gitEnvironment(root),
    }).trim();
    return /^[0-9a-f]{40,64}$/.test(said) ? said : '';
  } catch {
    return '';
  }
}

function gitEnvironment(root: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    LC_ALL: 'C',
    // Not further up, and no bare repository disguised as a folder of letters.
    GIT_CEILING_DIRECTORIES: dirname(root),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.bareRepository',
    GIT_CONFIG_VALUE_0: 'explicit',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  for (const name of passed) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/** Git by its full path, so that a program in the repository or in the current folder is not run instead. */
function gitProgram(root: string): string | null {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder) || `${folder}${sep}`.startsWith(root + sep)) continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** On Windows git itself asks whose a repository is. */
function isOwn(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (process.platform === 'win32' || stat.uid === userInfo().uid);
}
