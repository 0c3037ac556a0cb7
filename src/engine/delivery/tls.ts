import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { FaultCode } from '../../shared/outcome.ts';
import { detailOf, Ended, fault } from './attemptEnd.ts';

/** What the server's certificate must prove. */
export type Verification =
  /** Opportunistic: encryption without authentication (RFC 7435). */
  | { kind: 'none' }
  /** Valid for the host's name and issued by a trusted authority; `ca` (PEM) is trusted in addition to the usual ones. */
  | { kind: 'name'; ca: string }
  /** `judge` gets the chain as the server sent it, leaf first (DER), and says what is wrong, or "". */
  | { kind: 'chain'; code: FaultCode; judge(chain: readonly Buffer[]): string };

export interface TlsOptions {
  host: string;
  verification: Verification;
  timeoutMs: number;
}

const contexts = new Map<string, tls.SecureContext>();

/** The authorities of Node and of this machine, and `ca` if any. Reading them takes long: kept by `ca`. */
function trusting(ca: string): tls.SecureContext {
  let context = contexts.get(ca);
  if (!context) {
    const authorities = [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
    authorities.push(...certificatesIn(ca));
    context = tls.createSecureContext({ ca: [...new Set(authorities)], minVersion: 'TLSv1.2' });
    contexts.set(ca, context);
  }
  return context;
}

/** TLS ignores what it cannot parse; a person who named a file wants to know. Throws. */
function certificatesIn(pem: string): string[] {
  if (pem === '') return [];
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error(detail(faultDetails.noPem));
  for (const certificate of found) new X509Certificate(certificate);
  return found;
}

/** Without a demand on the certificate even an old cipher is better than none. */
function demands(verification: Verification): tls.ConnectionOptions {
  switch (verification.kind) {
    case 'name':
      return { secureContext: trusting(verification.ca) };
    case 'chain':
      return { rejectUnauthorized: false, minVersion: 'TLSv1.2' };
    case 'none':
      return { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' };
  }
}

/**
 * Makes the TLS handshake over a connected socket. Rejects with Ended at stage `tls`: `tlsCertificate` when the certificate
 * proves too little, `tlsHandshake` for all else. The signal's reason is the fault code that ended the connection. Nothing is sent over an unproved connection.
 */
export function upgrade(socket: Socket, options: TlsOptions, signal: AbortSignal): Promise<tls.TLSSocket> {
  const { host, verification } = options;
  let secured: tls.TLSSocket;
  try {
    secured = tls.connect({ socket, host, ...(isIP(host) ? {} : { servername: host }), ...demands(verification) });
  } catch (error) {
    socket.destroy();
    return Promise.reject(
      new Ended(fault('tls', 'tlsCertificate', detail(faultDetails.authoritiesUnusable, detailOf(error)))),
    );
  }
  return new Promise((resolve, reject) => {
    const finish = (ended?: Ended) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      secured.removeAllListeners('secureConnect');
      secured.removeAllListeners('close');
      if (ended) {
        secured.destroy();
        socket.destroy();
        reject(ended);
      } else {
        resolve(secured);
      }
    };
    const fail = (code: FaultCode, why: string) => finish(new Ended(fault('tls', code, why)));
    const onAbort = () => {
      if (signal.reason === 'aborted') fail('aborted', detail(faultDetails.tlsStopped));
      else fail('tlsHandshake', detail(faultDetails.tlsLost));
    };
    const timer = setTimeout(() => fail('timeout', detail(faultDetails.tlsTooLong)), options.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    secured.on('error', (error) =>
      fail(secured.authorizationError ? 'tlsCertificate' : 'tlsHandshake', detailOf(error)),
    );
    secured.once('close', () => fail('tlsHandshake', detail(faultDetails.tlsClosed)));
    secured.once('secureConnect', () => {
      const wrong = verification.kind === 'chain' ? verification.judge(peerChain(secured)) : '';
      if (verification.kind === 'chain' && wrong !== '') fail(verification.code, wrong);
      else finish();
    });
    if (signal.aborted) onAbort();
  });
}

/** What is shown to people of an encrypted connection, e.g. "TLSv1.3 TLS_AES_256_GCM_SHA384". */
export function describeTls(socket: tls.TLSSocket): string {
  return `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher()?.name ?? ''}`.trim();
}

function peerChain(socket: tls.TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw && chain.length < 10) {
    const { raw } = certificate;
    if (chain.some((seen) => seen.equals(raw))) break;
    chain.push(raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
