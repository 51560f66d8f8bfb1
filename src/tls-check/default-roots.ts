import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

let known: readonly string[] | undefined;

/**
 * The roots that TLS connections of Node.js trust, in PEM: its own, and those of the file that NODE_EXTRA_CA_CERTS
 * names. Node.js 20 has no function that tells them (tls.getCACertificates is of 22.15).
 */
export function defaultRoots(): readonly string[] {
  known ??= [...rootCertificates, ...extraRoots(process.env.NODE_EXTRA_CA_CERTS)];
  return known;
}

/** As Node.js does, a file that cannot be read counts as none. */
function extraRoots(path: string | undefined): readonly string[] {
  if (path === undefined || path === "") return [];
  try {
    return readFileSync(path, "utf8").match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  } catch {
    return [];
  }
}
