import { rootCertificates } from 'node:tls';

/** How a server proves itself: alike for the sockets and for files (protocol, sections 1 and 6). Verified always. */
export interface TlsOptions {
  ca?: string[];
  allowPartialTrustChain?: boolean;
}

/**
 * `certificates` (PEM) are trusted besides those of the runtime. `ca` replaces the certificates of the runtime, so those
 * come along. The certificate of a single server may be among them without being an authority: Electron's TLS accepts
 * it as its own anchor only with the flag.
 */
export function tlsOptions(certificates: readonly string[] | undefined): TlsOptions {
  return certificates === undefined
    ? {}
    : { ca: [...rootCertificates, ...certificates], allowPartialTrustChain: true };
}
