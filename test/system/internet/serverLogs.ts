import { readFile } from 'node:fs/promises';
import { postfixHome } from './postfixInstance.ts';

/** How many messages came by BDAT (RFC 3030): Postfix counts commands at the end of a connection, Exim marks what it took. */
export async function messagesByBdat(folder: string): Promise<{ postfix: number; exim: number }> {
  const postfix = await readFile(`${postfixHome({ folder, name: 'postfix' })}/log/maillog`, 'utf8');
  const exim = await readFile(`${folder}/exim/log/mainlog`, 'utf8').catch(() => '');
  const counts = postfix.matchAll(/ disconnect from .* bdat=(\d+)/g);
  return {
    postfix: [...counts].reduce((sum, [, count]) => sum + Number(count), 0),
    exim: exim.match(/ <= .* K /g)?.length ?? 0,
  };
}
