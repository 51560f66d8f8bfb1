/** What stands unencrypted in the bytes of a server, up to TLS 1.2 (RFC 5246, 6.2 and 7.4). */

const changeCipherSpec = 20;
const alertRecord = 21;
const handshakeRecord = 22;
const applicationData = 23;
const certificateMessage = 11;
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

/** Whether it begins as TLS does; true while there are too few bytes to tell. */
export function beginsAsTls(bytes: Buffer): boolean {
  const [type = handshakeRecord, major = 3] = bytes;
  return type >= changeCipherSpec && type <= applicationData && major === 3;
}

/** The certificates of the server in DER, in the order in which it sent them; none where it sent none in the open. */
export function certificatesIn(bytes: Buffer): readonly Buffer[] {
  const body = messageIn(handshakeIn(bytes), certificateMessage);
  if (body === undefined || body.length < 3) return [];
  return prefixed(body.subarray(3, 3 + body.readUIntBE(0, 3)));
}

/** The number of the alert with which the server ended the handshake, where it did. */
export function fatalAlertIn(bytes: Buffer): number | undefined {
  const ending = recordsIn(bytes).find(({ type, content }) => type === alertRecord && content[0] === fatal);
  return ending?.content[1];
}

/** The handshake as far as it is readable: what follows a change of cipher is not. A message may span records. */
function handshakeIn(bytes: Buffer): Buffer {
  const records = recordsIn(bytes);
  const end = records.findIndex(({ type }) => type === changeCipherSpec);
  const readable = end === -1 ? records : records.slice(0, end);
  return Buffer.concat(readable.filter(({ type }) => type === handshakeRecord).map(({ content }) => content));
}

/** Type, version, length in two bytes, content; one that has not come whole is left out. */
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

/** Type, length in three bytes, body. */
function messageIn(handshake: Buffer, wanted: number): Buffer | undefined {
  for (let at = 0; at + 4 <= handshake.length; ) {
    const end = at + 4 + handshake.readUIntBE(at + 1, 3);
    if (end > handshake.length) return undefined;
    if (handshake[at] === wanted) return handshake.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

/** Items that each follow their length in three bytes. */
function prefixed(list: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 3 <= list.length; ) {
    const end = at + 3 + list.readUIntBE(at, 3);
    if (end > list.length) break;
    found.push(list.subarray(at + 3, end));
    at = end;
  }
  return found;
}
