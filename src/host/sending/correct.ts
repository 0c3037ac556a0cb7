import * as vscode from 'vscode';
import { assetsOf, correctCampaign, correctionText } from '../../letter/correct.ts';
import type { EngineApi } from '../../protocol/engineApi.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { lateProgress } from '../asking/lateProgress.ts';
import { Cancelled, uriOf } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { documentFiles } from '../openLetter/documentFiles.ts';
import { say } from '../text.ts';
import { gatherLetter, listBatches } from './letter.ts';
import { campaignOf } from './submit.ts';

/**
 * Before a campaign resumes: if its letter has changed, asks which text the remaining readers get, and gives
 * the campaign the new one if that is chosen. Throws Cancelled when nothing is to resume.
 */
export async function offerCorrection(
  services: HostServices,
  engine: EngineApi,
  campaign: CampaignSnapshot,
): Promise<void> {
  if (campaign.kind !== 'send') return;
  const document = await changedLetter(engine, campaign);
  if (!document) return;
  const corrected = vscode.l10n.t('Continue with the Corrected Letter');
  const old = vscode.l10n.t('Continue with the Old Text');
  const options = { modal: true, detail: say(correctionText(campaign)) };
  const question = vscode.l10n.t('The letter has changed since this campaign started.');
  const chosen = await vscode.window.showWarningMessage(question, options, corrected, old);
  if (chosen === old) return;
  if (chosen !== corrected) throw new Cancelled();
  const letter = await lateProgress(vscode.l10n.t('Checking the newsletter'), (token) =>
    gatherLetter(document, { context: services.context, needsList: false, token }),
  );
  const { createAttachmentPaths } = await loadCompose();
  await correctCampaign(engine, {
    campaign: campaign.id,
    draft: await campaignOf({ letter, kind: 'send' }),
    assets: assetsOf(letter.assets, createAttachmentPaths(letter.newsletter), letter.list && listBatches(letter.list)),
    read: (path) => documentFiles(letter.uri).read(path),
  });
}

/** An editor keeps line ends and the byte order mark separate from the text. */
const plain = (text: string) => text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');

/** The campaign's document, if it can be read and differs from what is being sent. */
async function changedLetter(engine: EngineApi, campaign: CampaignSnapshot): Promise<vscode.TextDocument | null> {
  const { document: sent } = await engine.summary({ campaign: campaign.id });
  try {
    const document = await vscode.workspace.openTextDocument(uriOf(campaign.document));
    return plain(document.getText()) === plain(sent.text) ? null : document;
  } catch {
    // It is gone, or on another machine: the pinned text is sent.
    return null;
  }
}
