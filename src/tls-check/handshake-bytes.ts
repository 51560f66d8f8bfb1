/** The unencrypted parts of a server's bytes, up to TLS 1.2 (RFC 5246, 6.2 and 7.4). */

const changeCipherSpec = 20;
const alertRecord = 21;
const handshakeRecord = 22;
const applicationData = 23;
const fatal = 2;

export const alerts = {
  handshakeFailure: 40,
  protocolVersion: 70,
  insufficientSecurity: 71,
  unrecognizedName: 112,
} as const;

interface TlsRecord {
  readonly type: number;
  readonly content: Buffer;
}

/** Whether it begins like TLS; true while there are too few bytes to know. */
export function beginsAsTls(bytes: Buffer): boolean {
  const [type = handshakeRecord, major = 3] = bytes;
  return type >= changeCipherSpec && type <= applicationData && major === 3;
}

/** The number of the alert by which the server ended the handshake, if it did. */
export function fatalAlertIn(bytes: Buffer): number | undefined {
  const ending = recordsIn(bytes).find(({ type, content }) => type === alertRecord && content[0] === fatal);
  return ending?.content[1];
}

/** Type, version, length in two bytes, content; an incomplete record is left out. */
function recordsIn(bytes: Buffer): TlsRecord[] {
  const found: TlsRecord[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) break;
    found.push({ type: bytes.readUInt8(at), content: bytes.subarray(at + 5, end) });
    at = end;
  }
  return found;
}
