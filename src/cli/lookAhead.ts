import type { Foresight, ForesightRequest } from '../shared/foresight.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { withEngine } from './withEngine.ts';

/** What would happen: an engine is asked, which knows what was used before. */
export async function lookAhead(request: ForesightRequest, options: CommandOptions): Promise<Foresight> {
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => engine.foresee(request),
  );
  await connection.close();
  return result;
}
