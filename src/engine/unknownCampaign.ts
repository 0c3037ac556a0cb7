import { msg, UserError } from '../shared/errors.ts';

export function unknownCampaign(id: string): UserError {
  return new UserError(
    'unknownCampaign',
    msg('There is no campaign {0}.', id),
    msg('See the list with “envoi status”.'),
  );
}
