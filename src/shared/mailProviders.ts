/** Mail systems known by name: keys of `envoi.domainRoutes` besides domains. Their hosts and limits are the delivery's. */
export const mailProviderIds = [
  'google',
  'outlook',
  'microsoft365',
  'yahoo',
  'yahooJapan',
  'icloud',
  'orange',
  'gmx',
  'tonline',
  'comcast',
  'cox',
  'mimecast',
  'barracuda',
  'kpn',
  'qq',
  'netease',
] as const;

export type MailProviderId = (typeof mailProviderIds)[number];
