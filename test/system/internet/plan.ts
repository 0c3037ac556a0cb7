/** Addresses of the little internet. The sender's machine is on the far side of a link. */
export const ADDRESS = {
  internet: '10.77.0.1',
  sender: '10.77.0.2',
  dns: '10.77.0.53',
  postfix: '10.77.1.1',
  exim: '10.77.2.1',
  opensmtpd: '10.77.3.1',
  relay: '10.77.4.1',
  /** Postfix again, on a network that a firewall can close to the sender. */
  farPostfix: '10.77.5.1',
  /** Postfixes that pass mail on for the sender. */
  mta1: '10.77.6.1',
  mta2: '10.77.6.2',
  mta3: '10.77.6.3',
  /** The sender's own mail host, where what comes back arrives. */
  home: '10.77.7.1',
  /** Exists, and refuses every connection. */
  dead: '10.77.9.9',
} as const;

export type Software = 'postfix' | 'exim' | 'opensmtpd';

/** How a domain is found in DNS, and who takes its mail. */
export interface Domain {
  name: string;
  /** Servers that accept its mail; empty where nobody does. */
  at: readonly Software[];
  dns:
    | { kind: 'mx'; hosts: readonly { host: keyof typeof ADDRESS; preference: number }[] }
    | { kind: 'address'; host: keyof typeof ADDRESS }
    | { kind: 'nullMx' }
    | { kind: 'none' };
  about: string;
}

const plain = (software: Software, count: number, from: number): Domain[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `town${String(from + index).padStart(2, '0')}.example`,
    at: [software],
    dns: { kind: 'mx', hosts: [{ host: software, preference: 10 }] },
    about: `one MX, ${software}`,
  }));

export const DOMAINS: readonly Domain[] = [
  ...plain('postfix', 6, 1),
  ...plain('exim', 4, 7),
  ...plain('opensmtpd', 4, 11),
  { name: 'hamlet.example', at: ['postfix'], dns: { kind: 'address', host: 'postfix' }, about: 'no MX, an address' },
  {
    name: 'harbour.example',
    at: ['exim'],
    dns: {
      kind: 'mx',
      hosts: [
        { host: 'dead', preference: 10 },
        { host: 'exim', preference: 20 },
      ],
    },
    about: 'first MX dead, second exim',
  },
  {
    name: 'twins.example',
    at: ['postfix', 'exim'],
    dns: {
      kind: 'mx',
      hosts: [
        { host: 'postfix', preference: 10 },
        { host: 'exim', preference: 10 },
      ],
    },
    about: 'two equal MX, postfix and exim',
  },
  { name: 'silent.example', at: [], dns: { kind: 'nullMx' }, about: 'null MX' },
  { name: 'nowhere.example', at: [], dns: { kind: 'none' }, about: 'no such domain' },
  {
    name: 'island.example',
    at: ['postfix'],
    dns: { kind: 'mx', hosts: [{ host: 'farPostfix', preference: 10 }] },
    about: 'one MX, on the network that can be closed',
  },
];

export const PER_DOMAIN = 50;
/** The last rows of each domain are people who do not exist. */
export const UNKNOWN_PER_DOMAIN = 2;

export interface Row {
  address: string;
  domain: Domain;
  /** Whether a mailbox exists for it. */
  known: boolean;
}

export const ROWS: readonly Row[] = DOMAINS.flatMap((domain) =>
  Array.from({ length: PER_DOMAIN }, (_, index) => {
    const known = domain.at.length > 0 && index < PER_DOMAIN - UNKNOWN_PER_DOMAIN;
    return { address: `${known ? 'reader' : 'gone'}${index + 1}@${domain.name}`, domain, known };
  }),
);

export const KNOWN = ROWS.filter((row) => row.known).map((row) => row.address);

export const acceptedBy = (software: Software): Domain[] => DOMAINS.filter(({ at }) => at.includes(software));
