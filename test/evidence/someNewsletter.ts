import { compileNewsletter, type Newsletter, parseDocument } from '../../src/compose/index.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';

/** A letter as anybody writes one. */
export async function someNewsletter(from: string): Promise<Newsletter> {
  const text = `---\nsubject: Spring\nfrom: ${from}\nkind: internal\n---\nHello, this is a letter.\n`;
  const files = { read: () => Promise.reject(new Error('no files')) };
  const document = parseDocument(text, 'letter.md');
  const { newsletter, findings } = await compileNewsletter({ document, settings: defaultSettings, files });
  if (!newsletter) throw new Error(JSON.stringify(findings));
  return newsletter;
}
