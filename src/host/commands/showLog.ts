import type { HostServices } from '../hostServices.ts';

export async function showLog(services: HostServices): Promise<void> {
  services.log.show();
}
