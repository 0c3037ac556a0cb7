const FRONT_MATTER = /^\ufeff?\s*(?:<!--\s*)?---[ \t]*\r?\n([\s\S]{0,8000}?)\r?\n(?:---|\.\.\.)/;
/** Without a closing line it ends at the first empty one. */
const UNCLOSED = /^\ufeff?\s*---[ \t]*\r?\n((?:[^\r\n]+(?:\r?\n|$))*)/;
const OWN_KEYS = /^(?:subject|preheader|recipients|replyTo|toName)[ \t]*:/m;

/** Cheap: whether the text begins with front matter that holds a key only a newsletter has. Plain README files do not. */
export function looksLikeNewsletter(text: string): boolean {
  const start = text.slice(0, 9000);
  return OWN_KEYS.test((FRONT_MATTER.exec(start) ?? UNCLOSED.exec(start))?.[1] ?? '');
}
