/**
 * Checks a value that came over the pipe; throws a BadRequest that names the place when it is not a T. Made for exactly
 * T: a field of T without a shape does not compile, nor does a shape that allows something else.
 */
export type Shape<T> = ((value: unknown, at: string) => void) & { readonly of?: (value: T) => T };

/** The request does not have the agreed form. It is rejected and changes nothing. */
export class BadRequest extends Error {
  constructor(at: string, wanted: string) {
    super(`${at} is not ${wanted}`);
    this.name = 'BadRequest';
  }
}

/** A string of at most `max` UTF-16 units. */
export function text(max = 1_000): Shape<string> {
  return (value, at) => {
    if (typeof value !== 'string' || value.length > max)
      throw new BadRequest(at, `a text of at most ${max} characters`);
  };
}

/** A whole number from 0 on. */
export const whole: Shape<number> = (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BadRequest(at, 'a whole number');
};

export const finite: Shape<number> = (value, at) => {
  if (!Number.isFinite(value)) throw new BadRequest(at, 'a number');
};

export const bytes: Shape<Uint8Array> = (value, at) => {
  if (!(value instanceof Uint8Array)) throw new BadRequest(at, 'binary');
};

export const flag: Shape<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new BadRequest(at, 'true or false');
};

export function oneOf<const V extends string | number>(...values: readonly V[]): Shape<V> {
  return (value, at) => {
    if (!values.includes(value as V)) throw new BadRequest(at, `one of ${values.join(', ')}`);
  };
}

export function list<T>(item: Shape<T>, max: number): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > max) throw new BadRequest(at, `a list of at most ${max}`);
    for (const [index, entry] of value.entries()) item(entry, `${at}[${index}]`);
  };
}

/** An object whose own values all have one shape. */
export function record<T>(item: Shape<T>): Shape<Record<string, T>> {
  return (value, at) => {
    for (const [key, entry] of Object.entries(object(value, at))) item(entry, `${at}.${key}`);
  };
}

/** An object with some of these keys and no others. */
export function someOf<const K extends string, T>(
  keys: readonly K[],
  item: Shape<T>,
): Shape<Readonly<Partial<Record<K, T>>>> {
  return (value, at) => {
    for (const [key, entry] of Object.entries(object(value, at))) {
      if (!keys.includes(key as K)) throw new BadRequest(`${at}.${key}`, `one of ${keys.join(', ')}`);
      item(entry, `${at}.${key}`);
    }
  };
}

/** An object with at least the fields of T; optional ones are wrapped in `optional`. */
export function fields<T extends object>(shapes: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const entries = Object.entries(shapes) as [string, Shape<unknown>][];
  return (value, at) => {
    const given = object(value, at);
    for (const [name, shape] of entries) shape(given[name], at === '' ? name : `${at}.${name}`);
  };
}

/** One of several messages, told apart by `type`, each with a shape for the rest of it. */
export function variants<T extends { type: string }>(
  shapes: {
    [K in T['type']]: Shape<Omit<Extract<T, { type: K }>, 'type'>>;
  },
): Shape<T> {
  const byType = new Map(Object.entries(shapes) as [string, Shape<unknown>][]);
  return (value, at) => {
    const { type } = object(value, at);
    const shape = typeof type === 'string' ? byType.get(type) : undefined;
    if (!shape) throw new BadRequest(at, 'a known message');
    shape(value, at);
  };
}

/** A text of the one shape, or anything else of the other. */
export function either<T extends string, U>(one: Shape<T>, other: Shape<U>): Shape<T | U> {
  return (value, at) => (typeof value === 'string' ? one : other)(value, at);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, at) => {
    if (value !== undefined) shape(value, at);
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => {
    if (value !== null) shape(value, at);
  };
}

export const anything: Shape<unknown> = () => {};

/** Whether the value has the shape; for a boundary that drops anything else. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  try {
    shape(value, '');
    return true;
  } catch (error) {
    if (error instanceof BadRequest) return false;
    throw error;
  }
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest(at, 'an object');
  return value as Record<string, unknown>;
}
