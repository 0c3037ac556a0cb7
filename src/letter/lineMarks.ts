/** Without the `data-line` of a letter compiled with its lines, as it is sent. Values cannot hold a mark: their quotation marks are escaped wherever they stand. */
export function withoutMarks(html: string): string {
  return html.replace(/ data-line="\d+"/g, '');
}
