import type { Recipient } from '../../shared/recipient.ts';
import { fieldName } from '../liquid/fieldName.ts';
import { cleanText } from '../liquid/safeHtml.ts';
import type { Newsletter } from '../newsletter.ts';
import { cellValue } from '../values/cells.ts';

/** The values one message's templates may ask for. No prototype: a column named `constructor` is just a column. */
export type Values = Record<string, unknown>;

/** Makes the values of a recipient: only those that the templates use, in every spelling they use. */
export function createValueReader(
  names: readonly string[],
  newsletter: Pick<Newsletter, 'variables' | 'columns'>,
  given: (recipient: Recipient) => Record<string, string>,
): (recipient: Recipient) => Values {
  const own = cleanDeep(newsletter.variables) as Record<string, unknown>;
  const normalised = new Map(Object.entries(own).map(([name, value]) => [fieldName(name), value]));
  const slots = names.map((name) => {
    const plain = fieldName(name);
    const { columns = {} } = newsletter;
    return {
      name,
      plain,
      variable: Object.hasOwn(own, name) ? own[name] : normalised.get(plain),
      style: Object.hasOwn(columns, plain) ? columns[plain] : undefined,
    };
  });
  return (recipient) => {
    const values: Values = Object.create(null);
    const always = given(recipient);
    for (const { name, plain, variable, style } of slots) {
      const cell = cellOf(recipient.fields, name) ?? cellOf(recipient.fields, plain);
      // An empty cell leaves room for the front matter's own value.
      if (cell) values[name] = cellValue(cleanText(cell), style);
      else if (variable !== undefined && variable !== null) values[name] = variable;
      else if (cell !== undefined) values[name] = cell;
      else if (Object.hasOwn(always, plain)) values[name] = always[plain];
    }
    return values;
  };
}

function cellOf(fields: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanDeep);
  if (value === null || typeof value !== 'object') return value;
  const clean: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) clean[key] = cleanDeep(item);
  return clean;
}
