import { msg } from '../../shared/errors.ts';
import { placeOfKey } from '../document/places.ts';
import { relativePath } from '../files.ts';
import { CONTENT } from '../html/defaultLayout.ts';
import type { Compilation } from './compilation.ts';

/** `default`, `none`, or the source of a layout's file; null when it cannot be read, which is reported. */
export async function layoutOf(compilation: Compilation): Promise<string | null> {
  const { document } = compilation;
  const whole = document.format === 'html' && /<html[\s>]/i.test(document.body);
  const wanted = document.frontMatter.layout ?? (whole ? 'none' : 'default');
  if (wanted === 'default' || wanted === 'none') return wanted;
  const html = await compilation.readText('layout', wanted);
  if (html === null) return null;
  if (!CONTENT.test(html)) {
    const text = msg('The layout {0} has no {{ content }}.', wanted);
    compilation.report('error', 'layoutContent', text, placeOfKey(document, 'layout'));
    return null;
  }
  const file = relativePath(wanted) ?? wanted;
  compilation.check(html.replace(CONTENT, ''), 'html', { file, line: 1, column: 1 });
  return html.replace(/\r\n?/g, '\n');
}
