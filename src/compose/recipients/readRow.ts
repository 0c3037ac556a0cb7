import { foldAddress } from '../../shared/address.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Recipient, RefusalReason, RefusedRow, StatusReason } from '../../shared/recipient.ts';
import type { AddressSet } from './addressSet.ts';
import type { ListHeader } from './listHeader.ts';
import { readAddress } from './readAddress.ts';
import type { ReadOptions, Row } from './rowGroups.ts';
import type { StatusReader } from './status/statusReader.ts';

/** What is longer is cut: no letter needs it. */
const MAX_CELL = 65536;

/** They hold for the person, whatever another row says; the others only for their row. */
const forGood: ReadonlySet<StatusReason> = new Set(['unsubscribed', 'complained', 'bounced', 'cleaned', 'blocked']);

/** What a pass over a list keeps between its rows. */
export interface Pass {
  /** Addresses so far; null looks for no duplicates. */
  seen: AddressSet | null;
  status: StatusReader;
  withdrawn: ReadonlyMap<string, RefusedRow>;
  where: ReadOptions['where'];
  except: NonNullable<ReadOptions['except']>;
  /** Of addresses that had a good row before this one took it back. */
  contradicted: Map<string, RefusedRow>;
}

/** A row as a recipient, or refused with its reason. */
export function readRow(row: Row, header: ListHeader, pass: Pass): Recipient | RefusedRow {
  const { cells, line } = row;
  const written = (cells[header.addressIndex] ?? '').trim();
  const refuse = (reason: RefusalReason, detail: Text): RefusedRow => ({
    line,
    address: written.slice(0, 320),
    reason,
    detail,
  });
  if (row.broken) return refuse('malformedRow', row.broken);
  if (cells.length > header.fields.length && cells.slice(header.fields.length).some((cell) => cell.trim() !== '')) {
    return refuse('malformedRow', msg('it has {0} cells, the header {1}', cells.length, header.fields.length));
  }
  if (written === '') return refuse('noAddress', msg('the address is empty'));
  const parsed = readAddress(written);
  if (!parsed.ok) return refuse('invalidAddress', parsed.reason);
  const folded = foldAddress(parsed.address);
  const verdict = pass.status.verdict(cells);
  if (verdict) {
    const left = refuse(verdict.reason, msg('“{0}” is “{1}”', verdict.column, verdict.value.slice(0, 80)));
    if (forGood.has(verdict.reason) && (pass.seen?.add(folded, line) ?? 0) > 0 && !pass.withdrawn.has(folded))
      pass.contradicted.set(folded, left);
    return left;
  }
  const taken = pass.withdrawn.get(folded);
  if (taken) return refuse(taken.reason, msg('so says line {0}: {1}', taken.line, taken.detail));
  for (const { file, addresses } of pass.except) {
    const there = addresses.lineOf(folded);
    if (there > 0) return refuse('excepted', msg('line {0} of {1}', there, file));
  }
  const recipient = { line, address: parsed.address, fields: fieldsOf(cells, header) };
  if (pass.where && !pass.where.matches(recipient)) return refuse('notSelected', msg('it does not meet “where”'));
  const first = pass.seen?.add(folded, line) ?? 0;
  if (first > 0) return refuse('duplicate', msg('same address as line {0}', first));
  pass.status.mailed(cells, line);
  return recipient;
}

function fieldsOf(cells: readonly string[], header: ListHeader): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [index, { name }] of header.fields.entries()) {
    const value = cleanCell(cells[index] ?? '');
    // Written plainly that name would set what the object is made after.
    if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, writable: true });
    else fields[name] = value;
  }
  return fields;
}

function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  const cut = (trimmed.length > MAX_CELL ? trimmed.slice(0, MAX_CELL) : trimmed).replaceAll('\u0000', '');
  // A spreadsheet's way to keep leading zeros: ="00123".
  return cut.startsWith('="') && cut.endsWith('"') ? cut.slice(2, -1).replaceAll('""', '"') : cut;
}
