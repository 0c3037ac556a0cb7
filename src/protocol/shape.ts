/** Looks at a value that came over the pipe; throws a BadRequest that names the place when it is not of its shape. */
export type Shape = (value: unknown, at: string) => void;

/** What arrived is not of the agreed form. It is answered as such and changes nothing. */
export class BadRequest extends Error {
  constructor(at: string, wanted: string) {
    super(`${at} is not ${wanted}`);
    this.name = 'BadRequest';
  }
}

/** A string of at most `max` UTF-16 units. */
export function text(max = 1_000): Shape {
  return (value, at) => {
    if (typeof value !== 'string' || value.length > max)
      throw new BadRequest(at, `a text of at most ${max} characters`);
  };
}

/** A whole number from 0 on. */
export const whole: Shape = (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BadRequest(at, 'a whole number');
};

export const bytes: Shape = (value, at) => {
  if (!(value instanceof Uint8Array)) throw new BadRequest(at, 'binary');
};

export function oneOf(...values: readonly string[]): Shape {
  return (value, at) => {
    if (!values.includes(value as string)) throw new BadRequest(at, `one of ${values.join(', ')}`);
  };
}

export function list(item: Shape, max: number): Shape {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > max) throw new BadRequest(at, `a list of at most ${max}`);
    for (const [index, entry] of value.entries()) item(entry, `${at}[${index}]`);
  };
}

/** An object whose own values all are of one shape. */
export function record(item: Shape): Shape {
  return (value, at) => {
    for (const [key, entry] of Object.entries(object(value, at))) item(entry, `${at}.${key}`);
  };
}

/** An object with at least these fields. */
export function fields(shapes: Record<string, Shape>): Shape {
  return (value, at) => {
    const given = object(value, at);
    for (const [name, shape] of Object.entries(shapes)) shape(given[name], at === '' ? name : `${at}.${name}`);
  };
}

/** Of the one shape or of the other. */
export function either(one: Shape, other: Shape): Shape {
  return (value, at) => (typeof value === 'string' ? one : other)(value, at);
}

export function optional(shape: Shape): Shape {
  return (value, at) => {
    if (value !== undefined) shape(value, at);
  };
}

export function nullable(shape: Shape): Shape {
  return (value, at) => {
    if (value !== null) shape(value, at);
  };
}

export const anything: Shape = () => {};

function object(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest(at, 'an object');
  return value as Record<string, unknown>;
}
