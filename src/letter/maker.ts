import { type Compiled, type CompileRequest, compileNewsletter } from '../compose/compileNewsletter.ts';
import type { Finding } from '../shared/errors.ts';
import type { CheckInput } from './checks/check.ts';
import { checkNewsletter } from './checks/checkNewsletter.ts';

/**
 * The expensive part of reading a letter; the front door decides where it runs. Both may reject with the UserError
 * `tooSlow`, which becomes a finding.
 */
export interface Maker {
  compile(request: CompileRequest): Promise<Compiled>;
  advise(input: CheckInput): Promise<readonly Finding[]>;
}

/** In this thread. */
export const makeHere: Maker = {
  compile: compileNewsletter,
  advise: async (input) => checkNewsletter(input),
};
