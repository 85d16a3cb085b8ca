import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { makeDirectory } from './disk.ts';

export interface Certificate {
  /** PEM */
  key: string;
  /** PEM */
  cert: string;
}

/** A self-signed certificate for every name and address of this machine; kept in the directory, if there is one. */
export async function ownCertificate(directory: string | undefined): Promise<Certificate> {
  const path = directory === undefined ? undefined : join(directory, 'certificate.pem');
  const keyPath = directory === undefined ? undefined : join(directory, 'private-key.pem');
  if (path !== undefined && keyPath !== undefined && existsSync(path) && existsSync(keyPath)) {
    return { cert: readFileSync(path, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  }
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((one) => one.address),
  );
  const pems = await generate([{ name: 'commonName', value: 'PBX stand-in' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 3650 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...[...new Set(['localhost', hostname()])].map((value) => ({ type: 2 as const, value })),
          ...[...new Set(['127.0.0.1', '::1', ...addresses.filter((ip) => !ip.includes('%'))])].map((ip) => ({
            type: 7 as const,
            ip,
          })),
        ],
      },
    ],
  });
  const certificate = { key: pems.private, cert: pems.cert };
  if (path !== undefined && keyPath !== undefined && directory !== undefined) {
    makeDirectory(directory);
    writeFileSync(keyPath, certificate.key, { mode: 0o600 });
    writeFileSync(path, certificate.cert);
  }
  return certificate;
}
