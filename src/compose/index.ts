export * from './compileNewsletter.ts';
export * from './createComposer.ts';
export * from './document/document.ts';
export { frontMatterKeys } from './document/frontMatter.ts';
export * from './files.ts';
export { analyzeLiquid, closest, givenNames, reservedNames } from './liquid/analysis.ts';
export { fieldName } from './liquid/fieldName.ts';
export { checkAddress, parseMailbox } from './message/mailbox.ts';
export * from './newsletter.ts';
