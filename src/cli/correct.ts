import { createAttachmentPaths } from '../compose/index.ts';
import { assetsOf, correctCampaign, correctionText } from '../letter/correct.ts';
import { pinnedLists } from '../letter/submit.ts';
import { msg, UserError } from '../shared/errors.ts';
import { continueCampaign } from './campaigns.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { ask } from './confirm.ts';
import { diskFiles } from './diskFiles.ts';
import { gatherSound, openList } from './gather.ts';
import { gitCommit } from './gitCommit.ts';
import { print, printJson } from './terminal.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

/** `envoi correct DOCUMENT`: the paused campaign of this letter continues with the present text. */
export async function correct(path: string, options: CommandOptions): Promise<number> {
  const letter = await gatherSound(path, options, 'test');
  // Read-only: a killed engine’s campaign must not continue with the old text meanwhile.
  const look = () => connectEngineFor(options, 'look');
  const { connection, result: campaign } = await withEngine(look, async ({ engine }) => {
    const { campaigns } = await engine.sentBefore({ letter: letter.key, after: 0, limit: 1 });
    const open = campaigns.find(({ finished }) => !finished);
    if (open) return engine.get({ campaign: open.id });
    throw new UserError(
      'unknownCampaign',
      msg('There is no unfinished campaign of {0}.', path),
      msg('See them with “envoi status”. A finished one cannot be corrected.'),
    );
  });
  try {
    await ask(say(msg('{0} Continue?', correctionText(campaign))), options);
    await correctCampaign(connection.engine, {
      campaign: campaign.id,
      draft: {
        kind: 'send',
        newsletter: letter.newsletter,
        settings: letter.settings,
        document: { path, text: letter.document.text, commit: gitCommit(path) },
        recipients: pinnedLists(letter.list),
      },
      assets: assetsOf(letter.assets, createAttachmentPaths(letter.newsletter), letter.list && openList(letter.list)),
      read: diskFiles(path).read,
    });
  } finally {
    await connection.close();
  }
  if (options.json) printJson({ event: 'corrected', campaign: campaign.id });
  else print(`  ${say(msg('Corrected. Sending continues with the new text.'))}`);
  return continueCampaign('resume', campaign.id, options);
}
