import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Modules of Node that take milliseconds to load and that a short command has no use for. They are imported like any
 * other, and loaded when one of their members is first used.
 */
const late = ['child_process', 'readline/promises', 'worker_threads'];

export const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    const filter = new RegExp(`^(?:node:)?(?:${late.join('|')})$`);
    build.onResolve({ filter }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'late-builtins' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'late-builtins' }, ({ path }) => {
      const members = Object.keys(require(path)).map((name) => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = {\n${members.join(',\n')}\n};\n` };
    });
  },
};
