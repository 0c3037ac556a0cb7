import { deletionText } from '../letter/plan/deletion.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { ask } from './confirm.ts';
import { EXIT } from './exit.ts';
import { print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

/** `envoi delete CAMPAIGN`: deletes an ended campaign with everything stored about it. */
export async function deleteCampaign(campaign: string | undefined, options: CommandOptions): Promise<number> {
  if (campaign === undefined)
    throw new UserError('usage', msg('No campaign was given.'), msg('See the list with “envoi status”.'));
  const look = () => connectEngineFor(options, 'look');
  const { connection, result: snapshot } = await withEngine(look, ({ engine }) => engine.get({ campaign }));
  try {
    const { question, goes } = deletionText(snapshot, Date.now());
    if (!options.json) for (const text of goes) print(`  ${say(text)}`);
    await ask(say(question), options);
    await connection.engine.remove({ campaign });
  } finally {
    await connection.close();
  }
  if (options.json) printJson({ event: 'deleted', campaign });
  else print(`  ${say(msg('Deleted.'))}`);
  return EXIT.sent;
}
