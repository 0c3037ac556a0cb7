import type { Recipient, RefusedRow } from '../../shared/recipient.ts';
import { BlockReader, type ListFile, lastAtMost, memoryList } from './listFile.ts';
import { type ListProfile, ProfileBuilder } from './listProfile.ts';
import { chosenEncoding, noRecipients, openPass } from './readRecipients.ts';
import { type Pass, readRow } from './readRow.ts';
import { parseRows, type ReadOptions, readRowGroups } from './rowGroups.ts';
import { fileKind, LOOK, sheetOf } from './tableBytes.ts';

/** A list that was gone through once and of which any recipient can now be had. */
export interface ListIndex {
  profile: ListProfile;
  /** The n-th recipient, from 0, refused rows not counted. Reads a few ten thousand bytes, whatever the list's size. */
  recipientAt(n: number): Promise<Recipient | null>;
  /** Number of the first recipient from `from` on with this text in a field or the address; -1 when there is none. */
  find(text: string, from?: number, signal?: AbortSignal): Promise<number>;
}

/**
 * Goes through a list once. Memory: the duplicates' hashes while it runs; after it, one bit a row and four numbers for
 * some hundred rows. The list must stay as it is; make a new index when it changes. Throws as `readRecipients` does.
 */
export async function indexRecipients(
  list: ListFile,
  options: ReadOptions & { signal?: AbortSignal },
): Promise<ListIndex> {
  const { index, contradicted } = await passOver(list, options);
  // Once more, now that it is known who is taken back further down.
  return contradicted.size === 0 ? index : (await passOver(list, { ...options, withdrawn: contradicted })).index;
}

async function passOver(
  list: ListFile,
  options: ReadOptions & { signal?: AbortSignal },
): Promise<{ index: ListIndex; contradicted: ReadonlyMap<string, RefusedRow> }> {
  const isWorkbook = fileKind(await list.read(0, LOOK), options.file) === 'xlsx';
  const sheet = isWorkbook ? await sheetOf(await list.read(0, list.size), options.file) : undefined;
  const blocks = new BlockReader(sheet ? memoryList(sheet.csv) : list, chosenEncoding(options));
  let pass: Pass | null = null;
  const good = new Bits();
  /** Of every group: where it begins in the text, and how many rows and recipients come before it. */
  const starts = { text: [] as number[], row: [] as number[], recipient: [] as number[], line: [] as number[] };
  let builder: ProfileBuilder | null = null;
  for await (const { header, at, line, headerRows, rows } of readRowGroups(blocks.all(), options)) {
    options.signal?.throwIfAborted();
    builder ??= new ProfileBuilder(options.file, header);
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
