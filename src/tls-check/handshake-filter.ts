import { limits } from "../catalogue/limits.js";
import { isCheckable } from "../certificates/public-key.js";
import { X509 } from "../certificates/x509.js";
import { beginsAsTls, recordTypes } from "./handshake-bytes.js";
import { type Decrypt, decryptWith } from "./handshake-secret.js";

const certificateMessage = 11;
const helloMessage = 2;

/** A record, and a handshake message, start with their length. */
const recordHead = 5;
const messageHead = 4;

/** A chain of ten certificates has 20 KiB; the rest of a handshake is short. */
const maxBytes = 64 * 1024;
const maxRecords = 200;

/**
 * Sits in front of node:tls and checks the server's certificates first. OpenSSL would follow a chain of a hundred
 * certificates with any keys before it reports one, and block everything else meanwhile. The filter passes only chains
 * of the length and with the kinds of key that public CAs use.
 */
export class HandshakeFilter {
  readonly #pass: (bytes: Buffer) => void;
  readonly #refuse: (certificates: readonly Buffer[]) => void;
  #state: "looking" | "open" | "shut" = "looking";
  #unread: Buffer = Buffer.alloc(0);
  #messages: Buffer = Buffer.alloc(0);
  /** Encrypted records that arrived before their secret. */
  #encrypted: Buffer[] = [];
  /** Records that wait for the verdict on a message that began in them. */
  #pendingRecords: Buffer[] = [];
  #hello: Buffer | undefined;
  #decrypt: Decrypt | undefined;
  #bytes = 0;
  #records = 0;
  #certificates: readonly Buffer[] = [];

  /**
   * @param pass receives what may pass
   * @param refuse called once, with the first certificates, when nothing more passes
   */
  constructor(pass: (bytes: Buffer) => void, refuse: (certificates: readonly Buffer[]) => void) {
    this.#pass = pass;
    this.#refuse = refuse;
  }

  /** In DER, in the order in which they were sent; empty until they arrive. */
  get certificates(): readonly Buffer[] {
    return this.#certificates;
  }

  push(chunk: Buffer): void {
    if (this.#state === "open") this.#pass(chunk);
    if (this.#state !== "looking") return;
    this.#bytes += chunk.length;
    this.#unread = Buffer.concat([this.#unread, chunk]);
    if (this.#bytes > maxBytes) this.#shut();
    for (let record = this.#next(); record !== undefined; record = this.#next()) this.#record(record);
  }

  /** The server's handshake secret in TLS 1.3 (RFC 8446, 7.1). */
  unlock(secret: Buffer): void {
    if (this.#hello === undefined) return;
    this.#decrypt = decryptWith(secret, this.#hello);
    for (const record of this.#encrypted.splice(0)) this.#record(record);
  }

  /** The next complete record; anything that is not TLS passes unchanged, and node:tls reports it. */
  #next(): Buffer | undefined {
    if (this.#state !== "looking") return undefined;
    if (!beginsAsTls(this.#unread)) {
      this.#open(this.#unread);
      return undefined;
    }
    if (this.#unread.length < recordHead) return undefined;
    const end = recordHead + this.#unread.readUInt16BE(recordHead - 2);
    if (this.#unread.length < end) return undefined;
    const record = this.#unread.subarray(0, end);
    this.#unread = this.#unread.subarray(end);
    return record;
  }

  #record(record: Buffer): void {
    if (this.#state === "open") this.#pass(record);
    if (this.#state !== "looking") return;
    this.#records += 1;
    const messages = this.#messagesIn(record);
    if (messages === "encrypted") return;
    this.#messages = Buffer.concat([this.#messages, messages ?? Buffer.alloc(0)]);
    this.#pendingRecords.push(record);
    const verdict = messages === undefined || this.#records > maxRecords ? "unfit" : this.#judge();
    if (verdict === "fit") this.#open(Buffer.concat([...this.#pendingRecords, this.#unread]));
    else if (verdict === "unfit") this.#shut();
    else if (verdict === "on") this.#pass(Buffer.concat(this.#pendingRecords.splice(0)));
  }

  /** The handshake content of a record, decrypted; undefined if it cannot be read. */
  #messagesIn(record: Buffer): Buffer | "encrypted" | undefined {
    const content = record.subarray(recordHead);
    if (record[0] === recordTypes.handshake) return content;
    if (record[0] !== recordTypes.applicationData) return Buffer.alloc(0);
    if (this.#decrypt === undefined) {
      this.#encrypted.push(record);
      return "encrypted";
    }
    const opened = this.#decrypt(record);
    return opened?.type === recordTypes.handshake ? opened.content : opened && Buffer.alloc(0);
  }

  /** Goes through the messages received; `on` if none of them is, or may be, the certificates. */
  #judge(): "fit" | "unfit" | "wait" | "on" {
    for (;;) {
      if (this.#messages.length === 0) return "on";
      if (this.#messages.length < messageHead) return "wait";
      const length = this.#messages.readUIntBE(1, 3);
      const [type] = this.#messages;
      if (type === certificateMessage && length > maxBytes) return "unfit";
      const end = messageHead + length;
      if (this.#messages.length < end) return type === certificateMessage ? "wait" : "on";
      const body = this.#messages.subarray(messageHead, end);
      this.#messages = this.#messages.subarray(end);
      if (type === helloMessage) this.#hello = body;
      if (type !== certificateMessage) continue;
      this.#certificates = certificatesIn(body, this.#decrypt !== undefined);
      return areFit(this.#certificates) ? "fit" : "unfit";
    }
  }

  #open(bytes: Buffer): void {
    this.#state = "open";
    this.#pass(bytes);
  }

  #shut(): void {
    this.#state = "shut";
    this.#refuse(this.#certificates.slice(0, limits.chain.certificates));
  }
}

/** A list; in TLS 1.3 with a context before it, and extensions after each (RFC 5246, 7.4.2; RFC 8446, 4.4.2). */
function certificatesIn(body: Buffer, is13: boolean): Buffer[] {
  const found: Buffer[] = [];
  const list = is13 ? body.subarray(1 + (body[0] ?? 0)) : body;
  for (let at = 3; at + 3 <= list.length; ) {
    const end = at + 3 + list.readUIntBE(at, 3);
    if (end > list.length) break;
    found.push(list.subarray(at + 3, end));
    at = is13 && end + 2 <= list.length ? end + 2 + list.readUInt16BE(end) : end;
  }
  return found;
}

/** Counts before parsing any of them. */
function areFit(certificates: readonly Buffer[]): boolean {
  const { certificates: most, certificateBytes } = limits.chain;
  if (certificates.length > most || certificates.some(({ length }) => length > certificateBytes)) return false;
  return certificates.every(hasUsualKey);
}

/** A certificate that does not parse, or an unknown kind of key, costs OpenSSL no time either. */
function hasUsualKey(der: Buffer): boolean {
  const publicKey = X509.read(der)?.publicKey;
  return publicKey === undefined || isCheckable(publicKey);
}
