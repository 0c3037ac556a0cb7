import { isEngineGone } from '../protocol/engineGone.ts';
import type { Door } from './door.ts';

const MORE_ENGINES = 3;

/**
 * Does what may be done again from its beginning. Where the engine ends under it, as one that was just closing when it was
 * found, the next one is taken. The door stays open for what follows; when the work fails it is closed.
 */
export async function throughDoor<T>(
  open: () => Promise<Door>,
  work: (door: Door) => Promise<T>,
): Promise<{ door: Door; result: T }> {
  for (let again = MORE_ENGINES; ; again--) {
    const door = await open();
    try {
      return { door, result: await work(door) };
    } catch (error) {
      await door.close();
      if (again === 0 || !isEngineGone(error)) throw error;
    }
  }
}
