import { isEngineGone } from '../protocol/engineGone.ts';
import type { EngineConnection } from './engineConnection.ts';

const MORE_ENGINES = 3;

/**
 * Runs work that can be repeated from its beginning. If the engine closes during it, as one that was just closing when it was
 * found, the next one is used. The connection stays open afterwards; when the work fails it is closed.
 */
export async function withEngine<T>(
  open: () => Promise<EngineConnection>,
  work: (connection: EngineConnection) => Promise<T>,
): Promise<{ connection: EngineConnection; result: T }> {
  for (let again = MORE_ENGINES; ; again--) {
    const connection = await open();
    try {
      return { connection, result: await work(connection) };
    } catch (error) {
      await connection.close();
      if (again === 0 || !isEngineGone(error)) throw error;
    }
  }
}
