import { bouygues } from './known/bouygues.ts';
import { free } from './known/free.ts';
import { gateways } from './known/gateways.ts';
import { google } from './known/google.ts';
import { hosting } from './known/hosting.ts';
import { laposte } from './known/laposte.ts';
import { mailboxes } from './known/mailboxes.ts';
import { microsoft365, outlook } from './known/microsoft.ts';
import { orange } from './known/orange.ts';
import { services } from './known/services.ts';
import { sfr } from './known/sfr.ts';
import { yahoo, yahooJapan } from './known/yahoo.ts';
import type { Provider } from './provider.ts';

/** Providers with their own domain endings come before those that match any ending. */
export const allProviders: readonly Provider[] = [
  google,
  outlook,
  microsoft365,
  yahooJapan,
  yahoo,
  orange,
  free,
  sfr,
  bouygues,
  laposte,
  ...mailboxes,
  ...gateways,
  ...hosting,
  ...services,
];
