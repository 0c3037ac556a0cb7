import { createAttachmentPaths } from '../compose/index.ts';
import { correctCampaign } from '../letter/correct.ts';
import { pinnedLists } from '../letter/submit.ts';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import { plural } from '../shared/words.ts';
import { goOn } from './campaigns.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { ask } from './confirm.ts';
import { diskFiles } from './diskFiles.ts';
import { gatherSound, openList, type Sendable } from './gather.ts';
import { gitCommit } from './gitCommit.ts';
import { print, printJson } from './terminal.ts';
import { throughDoor } from './throughDoor.ts';
import { say } from './words.ts';

/** `envoi correct DOCUMENT`: the paused campaign of this letter goes on with the text as it is now. */
export async function correct(path: string, options: CommandOptions): Promise<number> {
  const letter = await gatherSound(path, options, 'test');
  // Only looked at: an engine that was killed must not go on with the old text meanwhile.
  const look = () => openDoorFor(options, 'look');
  const { door, result: campaign } = await throughDoor(look, async ({ engine }) => {
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
    await ask(say(question(campaign)), options);
    await correctCampaign(door.engine, {
      campaign: campaign.id,
      draft: {
        kind: 'send',
        newsletter: letter.newsletter,
        settings: letter.settings,
        document: { path, text: letter.document.text, commit: gitCommit(path) },
        recipients: pinnedLists(letter.list),
      },
      assets: assetsOf(letter),
      read: diskFiles(path).read,
    });
  } finally {
    await door.close();
  }
  if (options.json) printJson({ event: 'corrected', campaign: campaign.id });
  else print(`  ${say(msg('Corrected. It goes on with the new text.'))}`);
  return goOn('resume', campaign.id, options);
}

function question({ counts, total }: CampaignSnapshot) {
  const remaining = counts.queued + counts.deferred + counts.sending;
  return plural(
    '{0} of {1} readers has not got this letter yet and will get the new text. Go on?',
    '{0} of {1} readers have not got this letter yet and will get the new text. Go on?',
    remaining,
    total,
  );
}

async function* assetsOf({ newsletter, assets, list }: Sendable): AsyncGenerator<string> {
  yield* assets;
  const pathsOf = createAttachmentPaths(newsletter);
  if (!pathsOf || !list) return;
  for await (const { rows } of openList(list)) for (const row of rows) yield* pathsOf(row);
}
