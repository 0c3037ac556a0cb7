/** Also in front of several lines. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /["\r\n,\ufeff]|^ | $/;

/** Rows as in RFC 4180, each with its line end. A cell that a spreadsheet would run as a formula is prefixed with an apostrophe. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  let text = '';
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) {
      const value = row[at] ?? '';
      if (at > 0) text += ',';
      text += typeof value === 'number' ? value : cellText(value);
    }
    text += '\r\n';
  }
  return text;
}

function cellText(cell: string): string {
  const formula = FORMULA.test(cell);
  if (!formula && !QUOTED.test(cell)) return cell;
  return `"${formula ? "'" : ''}${cell.includes('"') ? cell.replaceAll('"', '""') : cell}"`;
}
