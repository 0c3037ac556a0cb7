/** The normalized name of a merge field: trimmed, lower case, spaces and dashes as `_` (`First Name` → `first_name`). */
export function fieldName(header: string): string {
  return header
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s\u00a0-]+/g, '_');
}
