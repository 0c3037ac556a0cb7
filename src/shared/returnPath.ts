/** Characters of the mark that `{{ verp }}` stands for: the local part of the message's own Message-ID. */
export const MARK_LENGTH = 32;

const VERP = /\{\{ ?verp ?\}\}/;

/** A return path with the mark of one message in it (variable envelope return path), so that its bounce says whose it is. */
export function withMark(returnPath: string, mark: string): string {
  return returnPath.replace(VERP, () => mark);
}
