import { Context } from 'liquidjs';
import { type Dialect, liquidEngine } from './engine.ts';

/** The values of one rendering, and liquidjs' context over them, which is created only when needed. */
export class RenderScope {
  readonly values: Readonly<Record<string, unknown>>;
  readonly #dialect: Dialect;
  #context: Context | undefined;

  constructor(dialect: Dialect, values: object) {
    this.#dialect = dialect;
    this.values = values as Record<string, unknown>;
  }

  get context(): Context {
    if (this.#context) return this.#context;
    const engine = liquidEngine(this.#dialect);
    this.#context = new Context(this.values, engine.options, { sync: true }, { liquid: engine });
    return this.#context;
  }

  /** Whether a tag has assigned anything: that takes precedence over the values. */
  get hasAssigned(): boolean {
    if (!this.#context) return false;
    for (const _ in this.#context.bottom()) return true;
    return false;
  }
}
