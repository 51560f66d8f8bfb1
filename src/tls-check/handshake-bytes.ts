/* The unencrypted parts of a server's bytes, up to TLS 1.2 (RFC 5246, 6.2 and 7.4). */

/** The types of a record: its first byte. */
export const recordTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const fatal = 2;

export const alerts = {
  handshakeFailure: 40,
  protocolVersion: 70,
  insufficientSecurity: 71,
  unrecognizedName: 112,
} as const;

/** Whether it begins like TLS; true while there are too few bytes to know. */
export function beginsAsTls(bytes: Buffer): boolean {
  const [type = recordTypes.handshake, major = 3] = bytes;
  return type >= recordTypes.changeCipherSpec && type <= recordTypes.applicationData && major === 3;
}

/** The number of the alert by which the server ended the handshake, if it did. */
export function fatalAlertIn(bytes: Buffer): number | undefined {
  // A record has its type, its version, its length in two bytes, and the content; an incomplete one does not count.
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) return undefined;
    const [level, description] = bytes.subarray(at + 5, end);
    if (bytes[at] === recordTypes.alert && level === fatal) return description;
    at = end;
  }
  return undefined;
}
