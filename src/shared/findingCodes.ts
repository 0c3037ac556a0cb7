/**
 * What can be found in a letter, its list and the settings, in the order of docs/problems.md, which explains each. Quick
 * fixes and the setting `envoi.checks` hang on these names.
 */
export const findingCodes = [
  // The lines on top
  'frontMatterUnclosed',
  'frontMatterYaml',
  'frontMatterShape',
  'frontMatterType',
  'frontMatterValue',
  'frontMatterComment',
  'frontMatterSpelling',
  'subjectMissing',
  'fromMissing',
  'fromInvalid',
  'replyToInvalid',
  'unsubscribeMissing',
  'unsubscribeLink',
  'postalAddressMissing',
  // The list
  'recipientsMissing',
  'listMissing',
  'listUnreadable',
  'listOutside',
  'emptyList',
  'noHeader',
  'noAddressColumn',
  'endlessRow',
  'listChanged',
  'nobodyLeft',
  'noAddress',
  'invalidAddress',
  'duplicate',
  'suppressed',
  'malformedRow',
  'fieldEmpty',
  'fieldValue',
  // Templates
  'liquidSyntax',
  'liquidCrossed',
  'valueInTag',
  'unknownField',
  // Content
  'layoutMissing',
  'layoutOutside',
  'layoutContent',
  'textMissing',
  'textOutside',
  'attachmentMissing',
  'attachmentOutside',
  'imageMissing',
  'imageOutside',
  'imageFormat',
  'imageVariable',
  'imageAlt',
  'script',
  'deadLink',
  'insecureLink',
  'clipped',
  // Delivery
  'notAligned',
  'oneClick',
  'overQuota',
  // Settings
  'unknownSetting',
  'wrongValue',
  'unknownServer',
  'passwordInSettings',
  'secretInClear',
  'workspaceSetting',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export function isFindingCode(code: string): code is FindingCode {
  return (findingCodes as readonly string[]).includes(code);
}
