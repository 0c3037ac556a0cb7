import type { Foresight, ForesightRequest } from '../shared/foresight.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { withEngine } from './withEngine.ts';

/** A forecast, from an engine that knows earlier use. */
export async function lookAhead(request: ForesightRequest, options: CommandOptions): Promise<Foresight> {
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => engine.foresee(request),
  );
  await connection.close();
  return result;
}
