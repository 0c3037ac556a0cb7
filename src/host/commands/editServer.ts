import { openSettingsAt } from '../errors.ts';

export async function editServer(): Promise<void> {
  await openSettingsAt('envoi.servers');
}
