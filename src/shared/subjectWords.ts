/**
 * A subject's template in words, for lists and notifications: `{{ first_name | default: "Hello" }}` reads as its default,
 * else as “…”; at the beginning nothing is said instead.
 */
export function subjectWords(template: string): string {
  return template
    .slice(0, 1000)
    .replace(/\{%.*?%\}/gs, '')
    .replace(/\{\{(.*?)\}\}/gs, (_, inside: string) => {
      const fallback = /\|\s*default:\s*(?:"([^"]*)"|'([^']*)')/.exec(inside);
      return fallback?.[1] ?? fallback?.[2] ?? '…';
    })
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(\[Test\] )?…[\s,;:!.–—-]+(?=\S)/, '$1');
}
