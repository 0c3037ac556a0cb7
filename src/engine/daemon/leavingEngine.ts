import type { EngineApi } from '../../protocol/engineApi.ts';
import { engineEnding, engineGone } from '../../protocol/engineGone.ts';
import { type EngineMethod, engineMethods } from '../../protocol/methods.ts';
import { UserError } from '../../shared/errors.ts';
import { inWords } from '../queue/store/database.ts';

/** What makes mail go out: not for an engine that ends. */
const begins: readonly EngineMethod[] = [
  'open',
  'addAsset',
  'addRows',
  'start',
  'resume',
  'resendFailed',
  'decideInDoubt',
  'probeServer',
];

/**
 * The engine to those who use it. Once it is closing it begins nothing more (UserError `engineEnding`: it has not been
 * done), so that they go to the next one; to look and to stop is still possible until the store is closed (`engineGone`).
 * A disk that takes no more is the UserError `diskFull`.
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
