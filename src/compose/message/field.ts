/** A header field as sent, CRLF at its end, and as DKIM sees it, which is computed at most once. */
export class Field {
  /** In lower case. */
  readonly name: string;
  readonly text: string;
  #relaxed: string | undefined;

  constructor(text: string) {
    this.name = text.slice(0, text.indexOf(':')).trimEnd().toLowerCase();
    this.text = text;
  }

  /** Its relaxed canonical form (RFC 6376 3.4.2), CRLF at its end. */
  get relaxed(): string {
    this.#relaxed ??= `${relaxField(this.text)}\r\n`;
    return this.#relaxed;
  }
}

/** The relaxed canonical form of a field, without the line end. */
export function relaxField(field: string): string {
  const colon = field.indexOf(':');
  const name = field.slice(0, colon).trimEnd().toLowerCase();
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return `${name}:${value.trim()}`;
}
