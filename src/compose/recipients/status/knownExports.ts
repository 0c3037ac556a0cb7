import type { KnownExport } from './exportRule.ts';
import { moreServices } from './moreServices.ts';
import { newsletterServices } from './newsletterServices.ts';

/**
 * The exports of well-known services that carry a status. The first that fits the header is taken, and before it the
 * first that finds a column of a status.
 */
export const knownExports: readonly KnownExport[] = [...newsletterServices, ...moreServices];
