/** Loaded when a letter is to be caught or a caught one is looked at, and not before. */
export { MailCatcher, makeFolder } from './mailCatcher.ts';
export { type CaughtLetter, type CaughtLine, readCaught, readCaughtLine } from './readCaught.ts';
