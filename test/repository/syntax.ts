import { stripTypeScriptTypes } from 'node:module';
import { type Node, parse } from 'acorn';
import { text } from './sources.ts';

/** Every node of a module, with the one it stands in. Types are blanked out, so lines and columns are those of the file. */
export function* nodesOf(path: string): Generator<{ node: Node; parent: Node | null }> {
  const source = path.endsWith('.ts') ? stripTypeScriptTypes(text(path)) : text(path);
  yield* walk(
    parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true }),
    null,
  );
}

function* walk(node: Node, parent: Node | null): Generator<{ node: Node; parent: Node | null }> {
  yield { node, parent };
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child, node);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
