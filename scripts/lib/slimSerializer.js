import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The serializer of the parsed HTML needs three functions that escape, and not the tables of HTML's entities beside them. */
export const slimSerializer = {
  name: 'slim-serializer',
  setup(build) {
    build.onResolve({ filter: /^entities$/ }, ({ importer }) => {
      if (!/[\\/]dom-serializer[\\/]/.test(importer)) return undefined;
      const main = createRequire(importer).resolve('entities');
      return { path: join(dirname(main), 'esm', 'escape.js') };
    });
  },
};
