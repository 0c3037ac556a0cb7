import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { withLock } from './fileLock.ts';

/** Where builds are kept: outside the repository, so that clones share one. */
export function buildCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'envoi-editor');
}

export interface Build {
  /** What is built, for people: "The test editor". */
  name: string;
  /** Its folder in the cache. */
  folder: string;
  /** Parts without which it does not start, inside the folder. */
  parts: readonly string[];
  make: (folder: string) => Promise<void>;
}

/** The absolute folder of what is built; built first when it is not there whole. One process builds, others wait. */
export async function builtOnce(build: Build): Promise<string> {
  const folder = join(buildCache(), build.folder);
  if (await whole(folder, build)) return folder;
  await mkdir(buildCache(), { recursive: true });
  return withLock(
    `${folder}.lock`,
    async () => {
      if (!(await whole(folder, build))) await make(folder, build);
      return folder;
    },
    () => console.error(`Another process is making this; waiting for it: ${build.name}`),
  );
}

/** A build counts only with its mark, which is written last, and with the parts that make it start. */
async function whole(folder: string, { parts }: Build): Promise<boolean> {
  const mark = await readFile(join(folder, 'whole'), 'utf8').catch(() => '');
  return mark === 'whole' && parts.every((part) => existsSync(join(folder, part)));
}

/** Built beside its final place and renamed, so that a torn build is never taken for a whole one. */
async function make(folder: string, build: Build): Promise<void> {
  console.error(`${build.name} is made once, in ${folder}.`);
  const started = Date.now();
  await removeTorn(folder);
  const work = await mkdtemp(`${folder}.building-`);
  try {
    await writeFile(join(work, 'package.json'), '{ "private": true }\n');
    await build.make(work);
    await writeFile(join(work, 'whole'), 'whole');
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
    if (!(await whole(folder, build))) throw new Error(`npm left ${build.name} incomplete in ${folder}.`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.error(`${build.name} is ready (${Math.round((Date.now() - started) / 1000)} s).`);
}

/** What builds that were killed left behind; called with the lock held, so no other build is under way. */
async function removeTorn(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const torn = names.filter((name) => name.startsWith(`${basename(folder)}.building-`));
  for (const name of torn) await rm(join(dirname(folder), name), { recursive: true, force: true });
}
