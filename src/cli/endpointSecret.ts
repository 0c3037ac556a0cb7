import { msg, UserError } from '../shared/errors.ts';
import { givenSecrets } from './givenSecrets.ts';

/** The secret shared by engine and endpoint; never an argument, where other users of the machine would see it. */
const ENDPOINT_SECRET = 'ENVOI_ENDPOINT_SECRET';
const SHORTEST_SECRET = 24;

/** Throws a UserError when the environment has none, or one that could be guessed. */
export function endpointSecret(): string {
  const secret = givenSecrets.get(ENDPOINT_SECRET) ?? '';
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new UserError(
    'endpointSecret',
    secret === ''
      ? msg('The environment variable {0} is not set.', ENDPOINT_SECRET)
      : msg('The secret in {0} is too short.', ENDPOINT_SECRET),
    msg('Use at least {0} random characters, such as the output of “openssl rand -hex 24”.', SHORTEST_SECRET),
  );
}

/** The same where it is optional: "" when the environment has none. */
export function endpointSecretIfGiven(): string {
  return givenSecrets.has(ENDPOINT_SECRET) ? endpointSecret() : '';
}
