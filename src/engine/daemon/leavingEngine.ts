import type { EngineApi } from '../../protocol/engineApi.ts';
import { engineEnding, engineGone } from '../../protocol/engineGone.ts';
import { type EngineMethod, engineMethods } from '../../protocol/methods.ts';
import { UserError } from '../../shared/errors.ts';
import { inWords } from '../queue/store/database.ts';

/** Calls that make mail go out: not accepted by an engine that is closing. */
const begins: readonly EngineMethod[] = [
  'createDraft',
  'addAsset',
  'addRows',
  'start',
  'resume',
  'resendFailed',
  'decideInDoubt',
  'probeServer',
];

/**
 * The engine as its clients see it. Once it is closing it starts nothing more (UserError `engineEnding`: nothing has been
 * done), so that they turn to the next one; reading and stopping still work until the store is closed (`engineGone`).
 * A full disk is the UserError `diskFull`.
 */
export function leavingEngine(engine: EngineApi, isClosing: () => boolean): EngineApi {
  const guard = (method: EngineMethod) => {
    const call = engine[method].bind(engine) as (request: unknown) => Promise<unknown>;
    return async (request: unknown) => {
      if (isClosing() && begins.includes(method)) throw engineEnding();
      try {
        return await call(request);
      } catch (error) {
        const known = inWords(error);
        throw isClosing() && !(known instanceof UserError) ? engineGone() : known;
      }
    };
  };
  const methods = Object.fromEntries(engineMethods.map((method) => [method, guard(method)]));
  return {
    ...(methods as unknown as Omit<EngineApi, 'onChange' | 'onReturned'>),
    onChange: (listener) => engine.onChange(listener),
    onReturned: (listener) => engine.onReturned(listener),
  };
}
