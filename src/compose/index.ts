export * from './document/document.ts';
export { frontMatterKeys } from './document/frontMatter.ts';
export * from './newsletter.ts';
