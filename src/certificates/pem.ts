/** Bytes as PEM, in lines of 64 characters (RFC 7468). */
export function pemOf(label: string, der: Buffer, headers: readonly string[] = []): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  const head = headers.length === 0 ? [] : [...headers, ""];
  return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ""].join("\n");
}
