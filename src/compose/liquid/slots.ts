import { type Context, Output, type Template, TokenKind } from 'liquidjs';
import { DateCell, NumberCell } from '../values/cells.ts';
import type { RenderScope } from './scope.ts';
import { isBlockTag } from './tags.ts';

/** Renders what is between two static texts; undefined where only liquidjs itself can. */
export type Slots = (scope: RenderScope) => string | undefined;

/** These have a special meaning in Liquid for objects. */
const special = new Set(['size', 'first', 'last']);

/**
 * `{{ field }}` and `{{ field | filter: "constant" }}`, one or several in a row, also within the compiler's own tags, without
 * liquidjs' generators: the same filters are called with the same values. Undefined for anything else.
 */
export function compileSlots(templates: readonly Template[]): Slots | undefined {
  const slots = templates.map(slotOf);
  if (!slots.every((slot) => slot !== undefined)) return undefined;
  return (scope) => {
    if (scope.hasAssigned) return undefined;
    try {
      return renderAll(slots, scope);
    } catch {
      // It fails in liquidjs too, which reports where.
      return undefined;
    }
  };
}

function renderAll(slots: readonly Slots[], scope: RenderScope): string | undefined {
  let text = '';
  for (const slot of slots) {
    const more = slot(scope);
    if (more === undefined) return undefined;
    text += more;
  }
  return text;
}

function slotOf(template: Template): Slots | undefined {
  if (template instanceof Output) return outputSlot(template);
  const fixed = staticText(template);
  if (fixed !== undefined) return () => fixed;
  if (!isBlockTag(template)) return undefined;
  const inside = template.inside.map(slotOf);
  if (!inside.every((slot) => slot !== undefined)) return undefined;
  return (scope) => {
    const text = renderAll(inside, scope);
    return text === undefined ? undefined : template.finish(text);
  };
}

/** The output of a template that is the same for all. */
export function staticText(template: Template): string | undefined {
  return template.token.kind === TokenKind.HTML ? ((template as Template & { str?: string }).str ?? '') : undefined;
}

/** A filter's `this`. liquidjs keeps token and engine to itself, and calls its handler with them. */
class FilterCall {
  readonly token: unknown;
  readonly liquid: unknown;
  readonly #handler: (this: object, ...values: unknown[]) => unknown;
  readonly #args: readonly unknown[];
  #scope: RenderScope | undefined;

  constructor(filter: unknown, args: readonly unknown[]) {
    const { handler, token, liquid } = filter as Pick<FilterCall, 'token' | 'liquid'> & {
      handler: FilterCall['call'];
    };
    this.#handler = handler as (this: object, ...values: unknown[]) => unknown;
    this.token = token;
    this.liquid = liquid;
    this.#args = args;
  }

  get context(): Context | undefined {
    return this.#scope?.context;
  }

  call(scope: RenderScope, value: unknown): unknown {
    this.#scope = scope;
    return this.#handler.call(this, value, ...this.#args);
  }
}

function outputSlot({ value: { initial, filters } }: Output): Slots | undefined {
  const [token, ...more] = initial.postfix as readonly { props?: readonly unknown[]; variable?: unknown }[];
  if (more.length > 0 || !token?.props || token.variable || token.props.length !== 1) return undefined;
  const name = constant(token.props[0]);
  if (typeof name !== 'string' || special.has(name)) return undefined;
  const calls: FilterCall[] = [];
  for (const filter of filters) {
    const args = filter.args.map((arg) => (Array.isArray(arg) ? undefined : constant(arg)));
    if (args.some((arg) => typeof arg !== 'string' && typeof arg !== 'number')) return undefined;
    calls.push(new FilterCall(filter, args));
  }
  return (scope) => {
    let value: unknown = Object.hasOwn(scope.values, name) ? scope.values[name] : undefined;
    if (!isPlain(value)) return undefined;
    for (const call of calls) {
      value = call.call(scope, value);
      // A filter that is a generator is driven by liquidjs.
      if (typeof value === 'object' && value !== null && ('next' in value || 'then' in value)) return undefined;
    }
    if (!isPlain(value)) return undefined;
    return value === undefined || value === null ? '' : String(value);
  };
}

/** What a cell is; numbers, lists and what else front matter may hold is left to liquidjs. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || value === undefined || value === null) return true;
  return value instanceof NumberCell || value instanceof DateCell;
}

function constant(token: unknown): unknown {
  return token !== null && typeof token === 'object' && 'content' in token ? token.content : undefined;
}
