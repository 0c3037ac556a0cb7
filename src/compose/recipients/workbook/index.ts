import Papa from 'papaparse';
import readExcelFile, { type CellValue } from 'read-excel-file/node';
import { readAddress } from '../readAddress.ts';

/** The workbook has no sheet of this name. */
export class NoSuchSheet extends Error {
  readonly sheets: readonly string[];

  constructor(sheets: readonly string[]) {
    super('no such sheet');
    this.sheets = sheets;
  }
}

export interface SheetTable {
  /** As UTF-8 CSV, row by row as in the sheet, so that line numbers are row numbers. */
  csv: Uint8Array;
  sheet: string;
  /** Other sheets that hold addresses. */
  others: readonly string[];
}

/**
 * The sheet of an Excel workbook (.xlsx) that holds the readers: the one of this name, else the first with an address in
 * it, else the first. Loaded only when there is a workbook. Throws NoSuchSheet, and the library's errors for a workbook
 * that cannot be read.
 */
export async function readWorkbook(bytes: Uint8Array, name?: string): Promise<SheetTable> {
  const sheets = await readExcelFile(Buffer.from(bytes));
  const tables = sheets.map(({ sheet, data }) => ({ sheet, rows: data.map((row) => row.map(cellText)) }));
  const withAddresses = tables.filter(({ rows }) => rows.some((row) => row.some(isAddress)));
  const wanted = name?.trim().toLowerCase();
  const named = tables.find(({ sheet }) => sheet.trim().toLowerCase() === wanted);
  if (wanted !== undefined && !named) throw new NoSuchSheet(tables.map(({ sheet }) => sheet));
  const chosen = named ?? withAddresses[0] ?? tables[0];
  const rows = chosen?.rows ?? [];
  return {
    // Line ends within a cell would shift the numbers of the rows below.
    csv: Buffer.from(Papa.unparse(rows.map((row) => row.map(onOneLine)))),
    sheet: chosen?.sheet ?? '',
    others: named ? [] : withAddresses.slice(1).map(({ sheet }) => sheet),
  };
}

function isAddress(cell: string): boolean {
  return cell.includes('@') && readAddress(cell).ok;
}

function cellText(value: CellValue | null): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const iso = value.toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
  }
  return String(value);
}

function onOneLine(cell: string): string {
  if (!/[\r\n]/.test(cell)) return cell;
  const lines = cell.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
