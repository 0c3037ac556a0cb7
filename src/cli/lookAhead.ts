import type { Foresight, ForesightRequest } from '../shared/foresight.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { throughDoor } from './throughDoor.ts';

/** What would happen: an engine is asked, which knows what was used before. */
export async function lookAhead(request: ForesightRequest, options: CommandOptions): Promise<Foresight> {
  const { door, result } = await throughDoor(
    () => openDoorFor(options, 'look'),
    ({ engine }) => engine.foresee(request),
  );
  await door.close();
  return result;
}
