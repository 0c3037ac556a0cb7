import { foldAddress, parseAddress } from '../../shared/address.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Recipient, RefusalReason, RefusedRow } from '../../shared/recipient.ts';
import type { AddressSet } from './addressSet.ts';
import type { ListHeader } from './listHeader.ts';
import type { Row } from './rowGroups.ts';

/** What is longer is cut: no letter needs it. */
const MAX_CELL = 65536;

/** A row as a recipient, or refused with its reason. Addresses are put into `seen`; null looks for no duplicates. */
export function readRow(row: Row, header: ListHeader, seen: AddressSet | null): Recipient | RefusedRow {
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
  const parsed = parseAddress(written);
  if (!parsed.ok) return refuse('invalidAddress', parsed.reason);
  const first = seen?.add(foldAddress(parsed.address), line) ?? 0;
  if (first > 0) return refuse('duplicate', msg('same address as line {0}', first));
  const fields: Record<string, string> = {};
  for (const [index, field] of header.fields.entries()) fields[field.name] = cleanCell(cells[index] ?? '');
  return { line, address: parsed.address, fields };
}

function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  return (trimmed.length > MAX_CELL ? trimmed.slice(0, MAX_CELL) : trimmed).replaceAll('\u0000', '');
}
