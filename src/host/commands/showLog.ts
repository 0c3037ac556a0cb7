import type { Parts } from '../parts.ts';

export async function showLog(parts: Parts): Promise<void> {
  parts.log.show();
}
