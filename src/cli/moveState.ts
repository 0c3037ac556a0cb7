import { resolve } from 'node:path';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { EXIT } from './exit.ts';
import { dim, print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

/** `envoi state export|import FILE`: so that tokens and bounces find their readers on another machine, too. */
export async function moveState(
  verb: string | undefined,
  named: string | undefined,
  options: CommandOptions,
): Promise<number> {
  if ((verb !== 'export' && verb !== 'import') || named === undefined)
    throw new UserError(
      'usage',
      msg('Say what to do with the state, and give the file.'),
      msg('Usage: envoi state export FILE, or import FILE.'),
    );
  const file = resolve(named);
  const { connection, result } = await withEngine(
    () => connectEngineFor(options, 'look'),
    ({ engine }) => (verb === 'export' ? engine.exportState({ file }) : engine.importState({ file })),
  );
  await connection.close();
  if (options.json) {
    printJson({ event: `state.${verb}`, file: named, ...result });
    return EXIT.sent;
  }
  const { campaigns, readers, suppressions } = result;
  const counts: Text[] = [
    plural('{0} campaign', '{0} campaigns', campaigns),
    plural('{0} reader', '{0} readers', readers),
    plural('{0} suppression', '{0} suppressions', suppressions),
  ];
  print(`  ${counts.map(say).join(', ')}`);
  if (verb === 'export')
    print(
      `  ${dim(say(msg('{0} contains addresses and the key of your unsubscribe links. Protect it like a password.', named)))}`,
    );
  return EXIT.sent;
}
