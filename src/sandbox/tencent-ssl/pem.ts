/** The certificates of a chain, separately. */
export function chainText(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** PEM text with exactly one final newline, as in files. */
export function asFile(pem: string): string {
  return `${pem.trimEnd()}\n`;
}
