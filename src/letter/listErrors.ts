import { msg, UserError } from '../shared/errors.ts';

/**
 * Why a list cannot be read, for the ports of both front doors. Without a place of its own such an error belongs to the
 * line of the document that names the list.
 */

export function listMissing(shown: string): UserError {
  return new UserError('listMissing', msg('The list {0} does not exist.', shown), msg('Correct “recipients”.'));
}

/** It exists, but it is a folder, or cannot be read. */
export function listUnreadable(shown: string, reason: string): UserError {
  return new UserError(
    'listUnreadable',
    msg('The list {0} cannot be read ({1}).', shown, reason),
    msg('Correct “recipients”, or make the file readable.'),
  );
}

/** A letter from elsewhere must not be able to mail files of this computer. */
export function listOutside(): UserError {
  return new UserError(
    'listOutside',
    msg('This list is outside the letter’s workspace or repository.'),
    msg('To use it, choose it with “Envoi: Choose Recipients…”, or pass it with --recipients.'),
  );
}
