import { Context, type Liquid, type Template, TokenKind, toValueSync } from 'liquidjs';
import { type Dialect, liquidEngine, parseLiquid } from './engine.ts';
import { compileSlots } from './slots.ts';

/** A parsed template cut at the places where values come in: what never changes is a string, known in advance. */
export interface Program {
  readonly parts: readonly (string | readonly Template[])[];
  /** Same length as `parts`: the static string, or what this context renders there. */
  render(context: Context): string[];
}

/** Parses a template into a program. `\r\n` in it becomes `\n`. Throws liquidjs' errors. */
export function createProgram(source: string, dialect: Dialect): Program {
  const engine = liquidEngine(dialect);
  const parts: (string | Template[])[] = [];
  for (const template of parseLiquid(source.replace(/\r\n?/g, '\n'), dialect)) {
    const text = staticText(template);
    const last = parts.at(-1);
    if (text === undefined) {
      if (Array.isArray(last)) last.push(template);
      else parts.push([template]);
    } else if (text !== '') {
      if (typeof last === 'string') parts[parts.length - 1] = last + text;
      else parts.push(text);
    }
  }
  const slots = parts.map((part) => (typeof part === 'string' ? undefined : compileSlots(part)));
  return {
    parts,
    render: (context) =>
      parts.map((part, at) =>
        typeof part === 'string' ? part : (slots[at]?.(context) ?? renderPart(engine, part, context)),
      ),
  };
}

function renderPart(engine: Liquid, templates: readonly Template[], context: Context): string {
  return String(toValueSync(engine.renderer.renderTemplates(templates as Template[], context)));
}

function staticText(template: Template): string | undefined {
  return template.token.kind === TokenKind.HTML ? ((template as Template & { str?: string }).str ?? '') : undefined;
}

/** A fresh scope over these values. One per program: `assign` in the subject does not reach the body. */
export function createContext(dialect: Dialect, values: object): Context {
  const engine = liquidEngine(dialect);
  return new Context(values, engine.options, { sync: true }, { liquid: engine });
}
