import type { Provider } from '../provider.ts';

export const bouygues: Provider = {
  id: 'bouygues',
  label: 'Bouygues Telecom',
  hosts: ['.bbox.fr', '.bouyguestelecom.fr'],
  domains: ['bbox.fr'],
  submission: [
    {
      id: 'bouygues',
      label: 'Bouygues Telecom',
      host: 'smtp.bbox.fr',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.bbox.fr' },
    },
  ],
  replies: [],
};
