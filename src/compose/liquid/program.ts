import { type Liquid, type Template, toValueSync } from 'liquidjs';
import { type Dialect, liquidEngine, parseLiquid } from './engine.ts';
import { RenderScope } from './scope.ts';
import { compileSlots, staticText } from './slots.ts';

/** A parsed template cut at the places where values come in: what never changes is a string, known in advance. */
export interface Program {
  readonly parts: readonly (string | readonly Template[])[];
  /**
   * Same length as `parts`: the static string, or what these values render there. Each call has its own scope:
   * `assign` in the subject does not reach the body.
   */
  render(values: object): string[];
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
    render(values) {
      const scope = new RenderScope(dialect, values);
      return parts.map((part, at) =>
        typeof part === 'string' ? part : (slots[at]?.(scope) ?? renderPart(engine, part, scope)),
      );
    },
  };
}

function renderPart(engine: Liquid, templates: readonly Template[], scope: RenderScope): string {
  return String(toValueSync(engine.renderer.renderTemplates(templates as Template[], scope.context)));
}
