import { type Context, Output, type Template } from 'liquidjs';
import { DateCell, NumberCell } from '../values/cells.ts';

/** Renders what stands between two static texts; undefined where only liquidjs itself can. */
export type Slots = (context: Context) => string | undefined;

/** Of objects these have a meaning of their own in Liquid. */
const special = new Set(['size', 'first', 'last']);

interface Slot {
  name: string;
  filters: readonly ((context: Context, value: unknown) => unknown)[];
}

/**
 * `{{ field }}` and `{{ field | filter: "constant" }}`, one or several in a row, without liquidjs' generators: the same
 * filters are called with the same values. Undefined for whatever else.
 */
export function compileSlots(templates: readonly Template[]): Slots | undefined {
  const slots = templates.map(slotOf);
  if (!slots.every((slot) => slot !== undefined)) return undefined;
  return (context) => {
    // What a tag has assigned before stands above the values.
    for (const _ in context.bottom()) return undefined;
    const values = context.environments as Record<string, unknown>;
    let text = '';
    try {
      for (const { name, filters } of slots) {
        let value: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
        if (!isPlain(value)) return undefined;
        for (const filter of filters) {
          value = filter(context, value);
          // A filter that works step by step is driven by liquidjs.
          if (typeof value === 'object' && value !== null && ('next' in value || 'then' in value)) return undefined;
        }
        if (!isPlain(value)) return undefined;
        if (value !== undefined && value !== null) text += typeof value === 'string' ? value : String(value);
      }
    } catch {
      // It fails in liquidjs too, which says where.
      return undefined;
    }
    return text;
  };
}

/** What a cell is; numbers, lists and what else front matter may hold is left to liquidjs. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || value === undefined || value === null) return true;
  return value instanceof NumberCell || value instanceof DateCell;
}

function slotOf(template: Template): Slot | undefined {
  if (!(template instanceof Output)) return undefined;
  const { initial, filters } = template.value;
  const [token, ...more] = initial.postfix as readonly { props?: readonly unknown[]; variable?: unknown }[];
  if (more.length > 0 || !token?.props || token.variable || token.props.length !== 1) return undefined;
  const name = constant(token.props[0]);
  if (typeof name !== 'string' || special.has(name)) return undefined;
  const calls: Slot['filters'][number][] = [];
  for (const filter of filters) {
    const args = filter.args.map((arg) => (Array.isArray(arg) ? undefined : constant(arg)));
    if (args.some((arg) => typeof arg !== 'string' && typeof arg !== 'number')) return undefined;
    // liquidjs keeps both for itself, and calls the one with the other.
    const {
      handler,
      token: at,
      liquid,
    } = filter as unknown as {
      handler: (this: object, ...values: unknown[]) => unknown;
      token: object;
      liquid: object;
    };
    calls.push((context, value) => handler.apply({ context, token: at, liquid }, [value, ...args]));
  }
  return { name, filters: calls };
}

function constant(token: unknown): unknown {
  return token !== null && typeof token === 'object' && 'content' in token ? token.content : undefined;
}
