/** Document, list and settings become a letter with findings. What the editor loads on first use, with all it composes with. */
export * from '../compose/index.ts';
export type { CheckInput } from './checks/check.ts';
export { checkList } from './checks/checkList.ts';
export { checkNewsletter } from './checks/checkNewsletter.ts';
export { CLIP_BYTES, CLIP_WARNING_BYTES } from './checks/clipped.ts';
export { messagesPerDay } from './checks/overQuota.ts';
export * from './letter.ts';
export * from './listErrors.ts';
export { exceptList, listRules } from './listRules.ts';
export { makeHere } from './maker.ts';
export * from './plan/leftOut.ts';
export { planOf } from './plan/planOf.ts';
export * from './readLetter.ts';
export * from './readList.ts';
export { reportCsv } from './reportCsv.ts';
export { readSuppressions } from './suppressionFile.ts';
