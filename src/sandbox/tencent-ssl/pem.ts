/** The certificates of a chain, each by itself. */
export function chainText(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** PEM text ended by exactly one newline, as files have it. */
export function asFile(pem: string): string {
  return `${pem.trimEnd()}\n`;
}
