/** The ClientHello of a visitor (RFC 8446, 4.1.2): the requested name, if enough of it has arrived. */
export type ClientHello = "incomplete" | "malformed" | { readonly serverName: string | undefined };

const handshakeRecord = 22;
const recordHeaderBytes = 5;
const messageHeaderBytes = 4;
const clientHelloMessage = 1;
const serverNameExtension = 0;
const hostName = 0;
/** Version and random of the hello, which do not matter here. */
const preambleBytes = 2 + 32;

/** Reads the server name at the start of a connection, in lower case. */
export function readClientHello(bytes: Buffer): ClientHello {
  try {
    const message = firstMessage(bytes);
    return message === undefined ? "incomplete" : { serverName: serverNameIn(new Reader(message)) };
  } catch (error) {
    if (error instanceof RangeError) return "malformed";
    throw error;
  }
}

/**
 * The first handshake message, assembled from its records; undefined while it is incomplete.
 * @throws {RangeError} if it is not a ClientHello
 */
function firstMessage(bytes: Buffer): Buffer | undefined {
  let message: Buffer = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== handshakeRecord) throw new RangeError("no handshake");
    if (bytes.length < at + recordHeaderBytes) return undefined;
    const end = at + recordHeaderBytes + bytes.readUInt16BE(at + 3);
    message = Buffer.concat([message, bytes.subarray(at + recordHeaderBytes, end)]);
    const body = bodyOf(message);
    if (body !== undefined) return body;
    at = end;
  }
  return undefined;
}

/** The message after its type and length; undefined while it is incomplete. */
function bodyOf(message: Buffer): Buffer | undefined {
  if (message.length > 0 && message[0] !== clientHelloMessage) throw new RangeError("no ClientHello");
  if (message.length < messageHeaderBytes) return undefined;
  const end = messageHeaderBytes + message.readUIntBE(1, 3);
  return message.length < end ? undefined : message.subarray(messageHeaderBytes, end);
}

function serverNameIn(hello: Reader): string | undefined {
  hello.take(preambleBytes);
  hello.vector(1); // session
  hello.vector(2); // cipher suites
  hello.vector(1); // compression
  const extensions = hello.isAtEnd ? hello : hello.vector(2);
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const extension = extensions.vector(2);
    if (type === serverNameExtension) return hostNameIn(extension.vector(2));
  }
  return undefined;
}

/** RFC 6066, 3. */
function hostNameIn(names: Reader): string | undefined {
  while (!names.isAtEnd) {
    const type = names.number(1);
    const name = names.vector(2);
    if (type === hostName) return name.rest.toString("latin1").toLowerCase();
  }
  return undefined;
}

/** Reads bytes from front to back; throws a RangeError at the end. */
class Reader {
  rest: Buffer;

  constructor(bytes: Buffer) {
    this.rest = bytes;
  }

  get isAtEnd(): boolean {
    return this.rest.length === 0;
  }

  take(count: number): Buffer {
    if (count > this.rest.length) throw new RangeError("too short");
    const taken = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(count);
    return taken;
  }

  number(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  /** Content after its length, which takes `size` bytes. */
  vector(size: number): Reader {
    return new Reader(this.take(this.number(size)));
  }
}
