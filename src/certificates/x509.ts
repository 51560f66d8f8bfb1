import { type KeyObject, X509Certificate } from "node:crypto";
import { unlessThrown } from "../lib/failure.js";
import { normalizeFingerprint } from "./fingerprint.js";

/**
 * A certificate as read by node:crypto, with members that match their types. The typings of node:crypto promise more
 * than there is: an empty Name is undefined (Let's Encrypt's tlsserver and shortlived profiles leave the subject
 * empty), reading a key of an unknown kind throws, and an invalid date is the text "Bad time value". No other part of
 * the program uses X509Certificate.
 */
export class X509 {
  readonly #certificate: X509Certificate;
  /** One attribute per line; empty for an empty Name. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Undefined if OpenSSL does not know the kind of key. */
  readonly publicKey: KeyObject | undefined;

  private constructor(certificate: X509Certificate) {
    this.#certificate = certificate;
    // The typings say that both always exist.
    this.subject = certificate.subject ?? "";
    this.issuer = certificate.issuer ?? "";
    // OpenSSL accepts a certificate without valid dates.
    this.notBefore = dateOf(certificate.validFrom);
    this.notAfter = dateOf(certificate.validTo);
    this.publicKey = unlessThrown(() => certificate.publicKey);
  }

  /** From the first PEM block, or from DER; undefined if it does not parse or has no date. */
  static read(encoding: string | Buffer): X509 | undefined {
    return unlessThrown(() => new X509(new X509Certificate(encoding)));
  }

  /** DER. */
  get raw(): Buffer {
    return this.#certificate.raw;
  }

  get pem(): string {
    return this.#certificate.toString();
  }

  /** In lower case, without colons, as this program compares and tells fingerprints. */
  get sha256(): string {
    return normalizeFingerprint(this.fingerprint256);
  }

  get sha1(): string {
    return normalizeFingerprint(this.fingerprint);
  }

  /** SHA-1, as hexadecimal pairs joined by colons. */
  get fingerprint(): string {
    return this.#certificate.fingerprint;
  }

  /** SHA-256, in the same form. */
  get fingerprint256(): string {
    return this.#certificate.fingerprint256;
  }

  get serialNumber(): string {
    return this.#certificate.serialNumber;
  }

  get isCa(): boolean {
    return this.#certificate.ca;
  }

  /** Identifiers of the extended key usage; undefined if not limited. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.#certificate.keyUsage;
  }

  /** As OpenSSL writes them; undefined if there are none. */
  get subjectAltName(): string | undefined {
    return this.#certificate.subjectAltName;
  }

  /** Whether `issuer` may have issued it, by names and key ids. */
  checkIssued(issuer: X509): boolean {
    return this.#certificate.checkIssued(issuer.#certificate);
  }

  /** Whether it was signed by the key of `issuer`. */
  isSignedBy({ publicKey }: X509): boolean {
    return publicKey !== undefined && unlessThrown(() => this.#certificate.verify(publicKey)) === true;
  }

  /** Whether the key file states the certificate's public half. */
  checkPrivateKey(key: KeyObject): boolean {
    return unlessThrown(() => this.#certificate.checkPrivateKey(key)) === true;
  }

  /** Whether a browser accepts it for the host: by the alternative names only, without wildcards within a label. */
  covers(host: string): boolean {
    return this.#certificate.checkHost(host, { subject: "never", partialWildcards: false }) !== undefined;
  }
}

/** A Name on one line; "none" if it is empty. */
export function onOneLine(name: string): string {
  return name === "" ? "none" : name.replaceAll("\n", ", ");
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError("The certificate has no date");
  return date;
}
