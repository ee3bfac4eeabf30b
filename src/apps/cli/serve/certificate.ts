// The certificate and the private key that `earshot serve` is given for TLS.

import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { EarshotError } from "../../../errors.ts";
import type { ServerOptions } from "../../server/index.ts";
import { readGiven } from "../decoding.ts";
import { usageFault } from "../session.ts";

const CERTIFICATE = "a certificate in PEM";

interface CertificateFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** @throws EarshotError USAGE, FILE_SYSTEM, INVALID_CERTIFICATE */
export async function readCertificate({
  tlsCert,
  tlsKey,
}: CertificateFlags): Promise<ServerOptions["tls"] | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw usageFault("--tls-cert and --tls-key go together.", "Give both, or neither.");
  const cert = await readGiven(tlsCert, CERTIFICATE, (path) => readFile(path));
  const key = await readGiven(tlsKey, "a private key in PEM", (path) => readFile(path));
  check(tlsCert, CERTIFICATE, { cert });
  check(tlsKey, `the private key, in PEM and without a passphrase, of the certificate ${tlsCert}`, {
    cert,
    key,
  });
  return { cert, key };
}

function check(path: string, what: string, options: SecureContextOptions): void {
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new EarshotError(
      {
        code: "INVALID_CERTIFICATE",
        where: path,
        problem: `TLS cannot use the file: ${(cause as Error).message}.`,
        remedy: `Give the path of ${what}.`,
      },
      { cause },
    );
  }
}
