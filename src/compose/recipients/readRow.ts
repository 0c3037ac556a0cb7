import { foldAddress, ownCopy } from '../../shared/address.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Recipient, RefusalReason, RefusedRow } from '../../shared/recipient.ts';
import type { StatusReason } from '../../shared/statusReasons.ts';
import { plural } from '../../shared/words.ts';
import type { AddressSet } from './addressSet.ts';
import { listName } from './eachList.ts';
import type { ListHeader } from './listHeader.ts';
import { readAddress } from './readAddress.ts';
import type { Row, RowReadOptions, WithdrawnRow } from './rowGroups.ts';
import type { StatusReader } from './status/statusReader.ts';

/** What is longer is cut: no letter needs it. */
const MAX_CELL = 65536;

/** These apply to the person, whatever other rows say; the other reasons only to their row. */
const forGood: ReadonlySet<StatusReason> = new Set(['unsubscribed', 'complained', 'bounced', 'cleaned', 'blocked']);

/** What a pass over a list keeps between its rows. */
export interface Pass {
  file: string;
  list: number;
  before: NonNullable<RowReadOptions['before']>;
  /** Addresses so far; null looks for no duplicates. */
  seen: AddressSet | null;
  status: StatusReader;
  withdrawn: ReadonlyMap<string, WithdrawnRow>;
  where: RowReadOptions['where'];
  except: NonNullable<RowReadOptions['except']>;
  /** Of addresses that had a good row before this one took it back. */
  contradicted: Map<string, WithdrawnRow>;
}

/** A row as a recipient, or refused with its reason. */
export function readRow(row: Row, header: ListHeader, pass: Pass): Recipient | RefusedRow {
  const { cells, line } = row;
  const written = (cells[header.addressIndex] ?? '').trim();
  const refuse = (reason: RefusalReason, detail: Text): RefusedRow => ({
    line,
    ...ofList(pass),
    address: written.slice(0, 320),
    reason,
    detail,
  });
  if (row.broken) return refuse('malformedRow', row.broken);
  if (cells.length > header.fields.length && cells.slice(header.fields.length).some((cell) => cell.trim() !== '')) {
    return refuse(
      'malformedRow',
      plural(
        'it has {0} cell, but the header has {1}',
        'it has {0} cells, but the header has {1}',
        cells.length,
        header.fields.length,
      ),
    );
  }
  if (written === '') return refuse('noAddress', msg('the address is empty'));
  const parsed = readAddress(written);
  if (!parsed.ok) return refuse('invalidAddress', parsed.reason);
  const folded = foldAddress(parsed.address);
  const verdict = pass.status.verdict(cells);
  if (verdict) {
    const left = refuse(verdict.reason, msg('“{0}” is “{1}”', verdict.column, verdict.value.slice(0, 80)));
    if (!forGood.has(verdict.reason)) return left;
    const known = (pass.seen?.add(folded, line) ?? 0) > 0 || placeIn(pass.before, folded) !== null;
    if (known && !pass.withdrawn.has(folded))
      pass.contradicted.set(ownCopy(folded), { ...left, address: ownCopy(left.address), file: pass.file });
    return left;
  }
  const taken = pass.withdrawn.size > 0 ? pass.withdrawn.get(folded) : undefined;
  if (taken) return refuse(taken.reason, saidBy(taken, pass));
  const excepted = placeIn(pass.except, folded);
  if (excepted) return refuse('excepted', excepted);
  const recipient = { line, ...ofList(pass), address: parsed.address, fields: fieldsOf(cells, header) };
  if (pass.where && !pass.where.matches(recipient)) return refuse('notSelected', msg('it does not match “where”'));
  // Each row of a reader with several is checked: one of them may say that they left.
  pass.status.mailed(cells, line);
  const earlier = placeIn(pass.before, folded);
  if (earlier) return refuse('duplicate', msg('same address as {0}', earlier));
  const first = pass.seen?.add(folded, line) ?? 0;
  if (first > 0) return refuse('duplicate', msg('same address as line {0}', first));
  return recipient;
}

function ofList({ list }: Pass): { list?: number } {
  return list > 0 ? { list } : {};
}

/** Where an address stands in other lists, the first of them; null when in none. */
function placeIn(lists: Pass['except'], folded: string): Text | null {
  for (const { file, addresses } of lists) {
    const line = addresses.lineOf(folded);
    if (line > 0) return msg('line {0} of {1}', line, listName(file));
  }
  return null;
}

function saidBy({ line, file, detail }: WithdrawnRow, pass: Pass): Text {
  return file === pass.file
    ? msg('according to line {0}: {1}', line, detail)
    : msg('according to line {0} of {1}: {2}', line, listName(file), detail);
}

function fieldsOf(cells: readonly string[], header: ListHeader): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index < header.fields.length; index++) {
    const { name = '' } = header.fields[index] ?? {};
    const value = cleanCell(cells[index] ?? '');
    // A plain assignment to `__proto__` would set the prototype.
    if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, writable: true });
    else fields[name] = value;
  }
  return fields;
}

function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  const short = trimmed.length > MAX_CELL ? trimmed.slice(0, MAX_CELL) : trimmed;
  const cut = short.includes('\u0000') ? short.replaceAll('\u0000', '') : short;
  // A spreadsheet's way to keep leading zeros: ="00123".
  return cut.startsWith('="') && cut.endsWith('"') ? cut.slice(2, -1).replaceAll('""', '"') : cut;
}
