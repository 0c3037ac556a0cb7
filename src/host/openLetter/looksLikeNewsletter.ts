const FRONT_MATTER = /^\ufeff?\s*(?:<!--\s*)?---[ \t]*\r?\n([\s\S]{0,8000}?)\r?\n(?:---|\.\.\.)/;
const OWN_KEYS = /^(?:subject|preheader|recipients|replyTo|toName)[ \t]*:/m;

/** Cheap: whether the text begins with front matter that holds a key only a newsletter has. Plain README files do not. */
export function looksLikeNewsletter(text: string): boolean {
  return OWN_KEYS.test(FRONT_MATTER.exec(text.slice(0, 9000))?.[1] ?? '');
}
