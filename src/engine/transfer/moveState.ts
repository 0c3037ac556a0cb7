import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { MovedState } from '../../protocol/engineApi.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { streamPlainFile } from '../../shared/plainFile.ts';
import { LINKS_LIVE_MS } from '../../shared/unsubscribeToken.ts';
import type { KeyRing } from '../keyRing.ts';
import { MovedStore } from '../queue/store/movedStore.ts';
import { SuppressionStore } from '../queue/store/suppressionStore.ts';
import { READERS_A_LINE, type StateLine, stateLines } from './stateFile.ts';

/** Writes keys, addresses and suppressions into a file that nobody else can read; whole or not at all. `now` in epoch ms. */
export async function exportState(
  database: DatabaseSync,
  keys: KeyRing,
  file: string,
  now: number,
): Promise<MovedState> {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(unfinished, 'wx', 0o600);
    const moved = await write(database, keys, handle, now);
    await handle.sync();
    await handle.close();
    await rename(unfinished, file);
    return moved;
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(unfinished, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('unwritable', msg('{0} cannot be written: {1}', file, reason), msg('Choose another file.'), {
      file,
    });
  }
}

async function write(database: DatabaseSync, keys: KeyRing, handle: FileHandle, now: number): Promise<MovedState> {
  const store = new MovedStore(database);
  const suppressions = new SuppressionStore(database);
  const put = (line: StateLine) => handle.appendFile(`${JSON.stringify(line)}\n`);
  const moved = { campaigns: 0, readers: 0, suppressions: 0 };
  await put({ envoi: 'state', version: 1 });
  for (const { key, keyId, ...campaign } of store.campaigns(now - LINKS_LIVE_MS)) {
    moved.campaigns++;
    await put({ campaign: { ...campaign, key: Buffer.from(keys.bytes(keyId)).toString('base64') } });
    for (let after = 0; ; ) {
      const page = store.readers(key, after, READERS_A_LINE);
      const last = page.at(-1);
      if (!last) break;
      await put({ readers: page.map(({ line, address, at }) => [line, address, at] as const) });
      moved.readers += page.length;
      after = last.id;
    }
  }
  for (let after = ''; ; ) {
    const page = suppressions.list(after, READERS_A_LINE);
    const last = page.at(-1);
    if (!last) break;
    await put({ suppressions: page });
    moved.suppressions += page.length;
    after = last.entry;
  }
  await put({ end: true });
  return moved;
}

/**
 * Imports what another machine has exported: its campaigns as ended ones that can only be looked up, its keys, and who must not
 * be mailed. What is known already stays as it is. The file is read whole first: nothing is imported from a broken one. Returns
 * the ids of the campaigns that are new.
 */
export async function importState(
  database: DatabaseSync,
  keys: KeyRing,
  file: string,
): Promise<{ moved: MovedState; ids: string[] }> {
  for await (const line of stateLines(streamPlainFile(file), file)) void line;
  const store = new MovedStore(database);
  const suppressions = new SuppressionStore(database);
  const moved = { campaigns: 0, readers: 0, suppressions: 0 };
  const ids: string[] = [];
  let current: number | null = null;
  const finish = () => current !== null && store.finish(current);
  for await (const line of stateLines(streamPlainFile(file), file)) {
    if ('campaign' in line) {
      finish();
      const { key, ...campaign } = line.campaign;
      current = store.add({ ...campaign, keyId: keys.keep(Buffer.from(key, 'base64')) });
      if (current === null) continue;
      moved.campaigns++;
      ids.push(campaign.id);
    } else if ('readers' in line) {
      if (current === null) continue;
      store.addReaders(current, line.readers);
      moved.readers += line.readers.length;
    } else if ('suppressions' in line) {
      suppressions.add(line.suppressions);
      moved.suppressions += line.suppressions.length;
    }
  }
  finish();
  return { moved, ids };
}
