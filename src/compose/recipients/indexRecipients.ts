import type { Recipient } from '../../shared/recipient.ts';
import { AddressSet } from './addressSet.ts';
import { BlockReader, type ListFile, lastAtMost, memoryList } from './listFile.ts';
import { type ListProfile, ProfileBuilder } from './listProfile.ts';
import { mergeProfiles } from './mergeProfiles.ts';
import type { SharedOptions } from './readLists.ts';
import { chosenEncoding, noRecipients, openPass } from './readRecipients.ts';
import { type Pass, readRow } from './readRow.ts';
import { parseRows, type RowReadOptions, readRowGroups, type WithdrawnRow } from './rowGroups.ts';
import { fileKind, SNIFF_BYTES, sheetOf } from './tableBytes.ts';

/** A list that was read once, with random access to its recipients. */
export interface ListIndex {
  profile: ListProfile;
  /** The n-th recipient, from 0, refused rows not counted. Reads a few ten thousand bytes, whatever the list's size. */
  recipientAt(n: number): Promise<Recipient | null>;
  /** Number of the first recipient from `from` on with this text in a field or the address; -1 when there is none. */
  find(text: string, from?: number, signal?: AbortSignal): Promise<number>;
}

/** One list, as `indexLists` does. */
export function indexRecipients(
  list: ListFile,
  { file, ...options }: RowReadOptions & { signal?: AbortSignal },
): Promise<ListIndex> {
  return indexLists([{ file, list }], options);
}

/**
 * Goes through a letter's lists once. Memory: the duplicates' hashes while it runs; after it, one bit a row and four numbers for
 * some hundred rows. The list must stay as it is; make a new index when it changes. Throws as `readRecipients` does.
 */
export async function indexLists(
  lists: readonly { file: string; list: ListFile }[],
  options: SharedOptions & { signal?: AbortSignal },
): Promise<ListIndex> {
  const { index, contradicted } = await passOverAll(lists, options);
  // A second pass, now that the rows withdrawn further down are known.
  return contradicted.size === 0 ? index : (await passOverAll(lists, { ...options, withdrawn: contradicted })).index;
}

async function passOverAll(
  lists: readonly { file: string; list: ListFile }[],
  options: SharedOptions & { signal?: AbortSignal },
): Promise<{ index: ListIndex; contradicted: ReadonlyMap<string, WithdrawnRow> }> {
  const indexes: ListIndex[] = [];
  const before: { file: string; addresses: AddressSet }[] = [];
  const contradicted = new Map<string, WithdrawnRow>();
  for (const [at, { file, list }] of lists.entries()) {
    const seen = new AddressSet();
    const pass = await passOver(list, { ...options, file, list: at, before, seen });
    before.push({ file, addresses: seen });
    indexes.push(pass.index);
    for (const [address, row] of pass.contradicted) contradicted.set(address, row);
  }
  return { index: joined(indexes), contradicted };
}

/** The recipients of one list after those of another. */
function joined(indexes: readonly ListIndex[]): ListIndex {
  const [first] = indexes;
  if (first && indexes.length === 1) return first;
  return {
    profile: mergeProfiles(indexes.map(({ profile }) => profile)),
    async recipientAt(n) {
      let left = n;
      for (const { profile, recipientAt } of indexes) {
        if (left < profile.count) return recipientAt(left);
        left -= profile.count;
      }
      return null;
    },
    async find(text, from = 0, signal) {
      let start = 0;
      for (const { profile, find } of indexes) {
        const found = start + profile.count > from ? await find(text, Math.max(0, from - start), signal) : -1;
        if (found >= 0) return start + found;
        start += profile.count;
      }
      return -1;
    },
  };
}

async function passOver(
  list: ListFile,
  options: RowReadOptions & { signal?: AbortSignal },
): Promise<{ index: ListIndex; contradicted: ReadonlyMap<string, WithdrawnRow> }> {
  const isWorkbook = fileKind(await list.read(0, SNIFF_BYTES), options.file) === 'xlsx';
  const sheet = isWorkbook ? await sheetOf(await list.read(0, list.size), options) : undefined;
  const blocks = new BlockReader(sheet ? memoryList(sheet.csv) : list, chosenEncoding(options));
  let pass: Pass | null = null;
  const good = new Bits();
  /** Of every group: where it begins in the text, and how many rows and recipients come before it. */
  const starts = { text: [] as number[], row: [] as number[], recipient: [] as number[], line: [] as number[] };
  let builder: ProfileBuilder | null = null;
  for await (const { header, at, line, headerRows, rows } of readRowGroups(blocks.all(), options)) {
    options.signal?.throwIfAborted();
    builder ??= new ProfileBuilder(options.file, header, options.list);
    pass ??= openPass(header, options);
    starts.text.push(at);
    starts.line.push(line);
    starts.row.push(good.length);
    starts.recipient.push(builder.profile.count);
    for (let n = 0; n < headerRows; n++) good.push(false);
    for (const row of rows) {
      const read = row.blank ? null : readRow(row, header, pass);
      good.push(read !== null && !('reason' in read));
      if (read === null) continue;
      if ('reason' in read) builder.refuse(read);
      else builder.add(read);
    }
  }
  if (!builder || !pass || builder.profile.count + builder.profile.refusals.length === 0)
    throw noRecipients(options.file);
  const { profile } = builder;
  profile.text = sheet ? { ...blocks.facts, sheet: sheet.sheet, otherSheets: sheet.others } : blocks.facts;
  builder.end(pass.status);

  /** Recipients from the n-th on. */
  async function* from(n: number): AsyncGenerator<Recipient> {
    const group = lastAtMost(starts.recipient, n);
    let skip = n - (starts.recipient[group] ?? 0);
    let row = starts.row[group] ?? 0;
    let line = starts.line[group] ?? 1;
    let pending = '';
    const { header } = profile;
    const again = openPass(header, options, false);
    for await (const piece of withEnd(blocks.from(starts.text[group] ?? 0))) {
      pending += piece ?? '';
      const { rows, cursor, lines } = parseRows(pending, header, line, piece === null, options.file);
      pending = pending.slice(cursor);
      line += lines;
      for (const found of rows) {
        if (!good.has(row++) || skip-- > 0) continue;
        const read = readRow(found, header, again);
        if (!('reason' in read)) yield read;
      }
    }
  }

  const index: ListIndex = {
    profile,
    async recipientAt(n) {
      if (n < 0 || n >= profile.count) return null;
      for await (const recipient of from(n)) return recipient;
      return null;
    },
    async find(text, start = 0, signal) {
      const wanted = text.trim().toLowerCase();
      let n = start;
      for await (const { address, fields } of from(start)) {
        signal?.throwIfAborted();
        if (address.toLowerCase().includes(wanted)) return n;
        if (Object.values(fields).some((value) => value.toLowerCase().includes(wanted))) return n;
        n++;
      }
      return -1;
    },
  };
  return { index, contradicted: pass.contradicted };
}

class Bits {
  #bytes = new Uint8Array(1024);
  length = 0;

  push(value: boolean): void {
    if (this.length >= this.#bytes.length * 8) {
      const more = new Uint8Array(this.#bytes.length * 2);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    if (value) this.#bytes[this.length >> 3] = (this.#bytes[this.length >> 3] ?? 0) | (1 << (this.length & 7));
    this.length++;
  }

  has(index: number): boolean {
    return ((this.#bytes[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }
}

async function* withEnd(text: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* text;
  yield null;
}
