import { mkdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { must } from '../../scripts/lib/run.ts';

/** Another revision of this repository, checked out and built, to be measured beside this one. */
export interface Before {
  name: string;
  root: string;
  remove(): Promise<void>;
}

/** Checks a revision out into a git worktree and builds it with the packages of this one. */
export async function checkOut(revision: string, folder: string): Promise<Before> {
  const commit = (await must('git', ['rev-parse', '--short', '--verify', `${revision}^{commit}`])).trim();
  const root = join(folder, `envoi-${commit}`);
  await mkdir(folder, { recursive: true });
  await must('git', ['worktree', 'add', '--detach', root, commit]);
  await symlink(resolve('node_modules'), join(root, 'node_modules'), 'dir');
  await must(process.execPath, ['esbuild.js'], { cwd: root });
  return {
    name: commit,
    root,
    remove: async () => {
      await rm(join(root, 'node_modules'), { force: true });
      await must('git', ['worktree', 'remove', '--force', root]);
    },
  };
}
