import * as vscode from 'vscode';
import { showError } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { showFindings } from '../problems/problems.ts';
import { FindingsError } from '../sending/letter.ts';
import { addMailbox } from './addMailbox.ts';
import { addServer } from './addServer.ts';
import { addSuppression } from './addSuppression.ts';
import { cancelCampaign } from './cancelCampaign.ts';
import { checkLinks } from './checkLinks.ts';
import { checkNewsletter } from './checkNewsletter.ts';
import { checkSender } from './checkSender.ts';
import { chooseRecipients } from './chooseRecipients.ts';
import { decideInDoubt } from './decideInDoubt.ts';
import { dismissReturned } from './dismissReturned.ts';
import { editServer } from './editServer.ts';
import { exportWebPage } from './exportWebPage.ts';
import { forgetPassword } from './forgetPassword.ts';
import { type CommandId, commandIds } from './ids.ts';
import { importSuppressions } from './importSuppressions.ts';
import { newNewsletter } from './newNewsletter.ts';
import { openReturned } from './openReturned.ts';
import { openSettings } from './openSettings.ts';
import { pauseCampaign } from './pauseCampaign.ts';
import { planSending } from './planSending.ts';
import { previewNewsletter } from './previewNewsletter.ts';
import { probeServer } from './probeServer.ts';
import { readMailbox } from './readMailbox.ts';
import { removeSuppression } from './removeSuppression.ts';
import { resendFailed } from './resendFailed.ts';
import { resumeCampaign } from './resumeCampaign.ts';
import { sendLater } from './sendLater.ts';
import { sendNewsletter } from './sendNewsletter.ts';
import { sendTest } from './sendTest.ts';
import { setPassword } from './setPassword.ts';
import { setUpDkim } from './setUpDkim.ts';
import { showActions } from './showActions.ts';
import { showLog } from './showLog.ts';
import { showMailbox } from './showMailbox.ts';
import { showReport } from './showReport.ts';
import { suppressReturned } from './suppressReturned.ts';
import { testServers } from './testServers.ts';
import { tryHere } from './tryHere.ts';
import { unsubscribe } from './unsubscribe.ts';
import { useLimit } from './useLimit.ts';
import { writeBack } from './writeBack.ts';
import { writeToList } from './writeToList.ts';

/** A command gets all services and its arguments, which may be anything: it checks them. */
export type CommandHandler = (services: HostServices, argument: unknown) => Promise<void>;

/** The only registration. */
const table: Record<CommandId, CommandHandler> = {
  'envoi.newNewsletter': newNewsletter,
  'envoi.previewNewsletter': previewNewsletter,
  'envoi.checkNewsletter': checkNewsletter,
  'envoi.checkSender': checkSender,
  'envoi.setUpDkim': setUpDkim,
  'envoi.checkLinks': checkLinks,
  'envoi.exportWebPage': exportWebPage,
  'envoi.chooseRecipients': chooseRecipients,
  'envoi.writeToList': writeToList,
  'envoi.writeBack': writeBack,
  'envoi.tryHere': tryHere,
  'envoi.showMailbox': showMailbox,
  'envoi.sendTest': sendTest,
  'envoi.planSending': planSending,
  'envoi.sendNewsletter': sendNewsletter,
  'envoi.sendLater': sendLater,
  'envoi.pauseCampaign': pauseCampaign,
  'envoi.resumeCampaign': resumeCampaign,
  'envoi.cancelCampaign': cancelCampaign,
  'envoi.showReport': showReport,
  'envoi.resendFailed': resendFailed,
  'envoi.decideInDoubt': decideInDoubt,
  'envoi.addServer': addServer,
  'envoi.editServer': editServer,
  'envoi.testServers': testServers,
  'envoi.probeServer': probeServer,
  'envoi.addMailbox': addMailbox,
  'envoi.readMailbox': readMailbox,
  'envoi.openReturned': openReturned,
  'envoi.suppressReturned': suppressReturned,
  'envoi.dismissReturned': dismissReturned,
  'envoi.unsubscribe': unsubscribe,
  'envoi.useLimit': useLimit,
  'envoi.setPassword': setPassword,
  'envoi.forgetPassword': forgetPassword,
  'envoi.addSuppression': addSuppression,
  'envoi.removeSuppression': removeSuppression,
  'envoi.importSuppressions': importSuppressions,
  'envoi.showActions': showActions,
  'envoi.openSettings': openSettings,
  'envoi.showLog': showLog,
};

export function registerCommands(services: HostServices): void {
  for (const id of commandIds) {
    const run = async (argument: unknown): Promise<void> => {
      try {
        await table[id](services, argument);
      } catch (error) {
        if (!(error instanceof FindingsError)) return showError(error, services.log);
        services.webviews.askedToSend(error.uri);
        services.problems.show(error.findings);
        if (await showFindings(error).catch((failure) => void showError(failure, services.log))) await run(error.uri);
      }
    };
    services.context.subscriptions.push(vscode.commands.registerCommand(id, run));
  }
}
