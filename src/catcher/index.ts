/** Loaded only when a letter is to be caught or a caught one is shown. */
export { MailCatcher, makeFolder } from './mailCatcher.ts';
export { type CaughtLetter, type CaughtLine, readCaught, readCaughtLine } from './readCaught.ts';
