/** Marks of ours in a message: they prove whom it is about, because nobody else can make them. */

/** Local part of our Message-IDs and the `{{ verp }}` of a return path: 160 bits in base32. */
const MARK = /(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])/gi;
const TOKEN = /(?<![\w-])[\w-]{43}(?![\w-])/g;
/** Different ones examined in one message. */
const MOST = 20;
/** Characters of a message that are searched. */
const WINDOW = 300_000;

/** Most specific first: the address it came to, then what it quotes. */
export function marksIn(addresses: readonly string[], raw: string): string[] {
  return distinct([...addresses.map((each) => each.slice(0, 1_000)), raw.slice(0, WINDOW)], MARK, (mark) =>
    mark.toLowerCase(),
  );
}

export function tokensIn(texts: readonly string[]): string[] {
  return distinct(
    texts.map((text) => text.slice(0, WINDOW)),
    TOKEN,
    (token) => token,
  );
}

function distinct(texts: readonly string[], pattern: RegExp, as: (found: string) => string): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const match of text.matchAll(pattern)) {
      found.add(as(match[0]));
      if (found.size >= MOST) return [...found];
    }
  }
  return [...found];
}
