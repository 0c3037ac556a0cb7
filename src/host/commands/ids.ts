/** Every command of Envoi; a test compares it with the manifest, and the table in index.ts has one entry for each. */
export const commandIds = [
  'envoi.newNewsletter',
  'envoi.previewNewsletter',
  'envoi.checkNewsletter',
  'envoi.chooseRecipients',
  'envoi.sendTest',
  'envoi.sendNewsletter',
  'envoi.sendLater',
  'envoi.pauseCampaign',
  'envoi.resumeCampaign',
  'envoi.cancelCampaign',
  'envoi.showReport',
  'envoi.resendFailed',
  'envoi.decideInDoubt',
  'envoi.addServer',
  'envoi.editServer',
  'envoi.testServers',
  'envoi.setPassword',
  'envoi.forgetPassword',
  'envoi.addSuppression',
  'envoi.removeSuppression',
  'envoi.importSuppressions',
  'envoi.showActions',
  'envoi.openSettings',
  'envoi.showLog',
] as const;

export type CommandId = (typeof commandIds)[number];
