import { Context, isTruthy, type Liquid, toValueSync, Value } from 'liquidjs';
import type { Recipient } from '../../shared/recipient.ts';
import { analyzeLiquid } from '../liquid/analysis.ts';
import { liquidEngine } from '../liquid/engine.ts';
import { createValueReader, type Values } from '../message/values.ts';

/** A condition on rows, as in `{% if … %}`. */
export interface Condition {
  matches(row: Recipient): boolean;
}

type Evaluate = (values: Values) => unknown;

/**
 * Compiles a condition in the letter's language, such as `city == "Lyon" and plan != "free"`, once for all rows. Its result
 * is that of liquidjs: anything but plain comparisons of plain values is left to it. Throws liquidjs' errors.
 */
export function compileCondition(source: string, variables: Record<string, unknown>): Condition {
  const liquid = liquidEngine('text');
  const value = new Value(source, liquid);
  const { names } = analyzeLiquid(asTag(source), 'text', { file: '', line: 1, column: 1 }, null);
  const valuesOf = createValueReader(names, { variables }, ({ address }) => ({ address, email: address }));
  const evaluate = fast(value, liquid) ?? slow(value, liquid);
  const context = new Context({}, liquid.options, { sync: true }, { liquid });
  return { matches: (row) => isTruthy(evaluate(valuesOf(row)), context) };
}

/** The condition as a tag of a template, for its analysis; columns shift by the length of `TAG_START`. */
export function asTag(source: string): string {
  return `${TAG_START}${source
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .join(' ')} %}{% endif %}`;
}
export const TAG_START = '{% if ';

function slow(value: Value, liquid: Liquid): Evaluate {
  return (values) => toValueSync(value.value(new Context(values, liquid.options, { sync: true }, { liquid })));
}

/** Null when it contains something that only liquidjs can evaluate. */
function fast(value: Value, liquid: Liquid): Evaluate | null {
  if (value.filters.length > 0) return null;
  const operands: Evaluate[] = [];
  for (const token of value.initial.postfix) {
    const operator = (token as { operator?: string }).operator;
    if (operator === undefined) {
      const operand = operandOf(token as unknown as OperandToken);
      if (!operand) return null;
      operands.push(operand);
      continue;
    }
    const right = operands.pop();
    const left = operator === 'not' ? right : operands.pop();
    const made = left && right && operation(operator, left, right, liquid);
    if (!made) return null;
    operands.push(made);
  }
  const [only] = operands;
  return operands.length === 1 && only ? only : null;
}

interface OperandToken {
  content?: unknown;
  variable?: unknown;
  props?: readonly { content?: unknown }[];
}

function operandOf(token: OperandToken): Evaluate | null {
  if ('content' in token) {
    const { content } = token;
    // `empty`, `blank` and `nil` compare in their own way.
    if (typeof content === 'object' || content === undefined) return null;
    return () => content;
  }
  const [name, ...deeper] = token.props ?? [];
  if (token.variable !== undefined || deeper.length > 0 || typeof name?.content !== 'string') return null;
  const key = name.content;
  return (values) => values[key];
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;

function operation(operator: string, left: Evaluate, right: Evaluate, liquid: Liquid): Evaluate | null {
  const plain = plainOperations[operator];
  const whole = liquid.options.operators[operator];
  if (!plain || !whole) return null;
  const context = new Context({}, liquid.options, { sync: true }, { liquid });
  return (values) => {
    const l = left(values);
    const r = right(values);
    if (isPlain(l) && isPlain(r)) return plain(l as never, r as never);
    const args: unknown[] = operator === 'not' ? [r, context] : [l, r, context];
    return toValueSync((whole as (...args: unknown[]) => never)(...args));
  };
}

type Plain = (l: string | number | boolean | undefined, r: string | number | boolean | undefined) => unknown;

const plainOperations: Record<string, Plain> = {
  '==': (l, r) => l === r,
  '!=': (l, r) => l !== r,
  '>': (l, r) => (l as number) > (r as number),
  '<': (l, r) => (l as number) < (r as number),
  '>=': (l, r) => (l as number) >= (r as number),
  '<=': (l, r) => (l as number) <= (r as number),
  contains: (l, r) => typeof l === 'string' && l.indexOf(r as string) > -1,
  not: (_, r) => !r,
  and: (l, r) => Boolean(l) && Boolean(r),
  or: (l, r) => Boolean(l) || Boolean(r),
};
