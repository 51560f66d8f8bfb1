import { type KeyObject, X509Certificate } from "node:crypto";

/**
 * A certificate as node:crypto reads it, where each member is what its type says. The typings of node:crypto promise more
 * than there is: an empty Name is undefined (Let's Encrypt's tlsserver and shortlived profiles leave the subject empty), to
 * ask for a key of a kind that OpenSSL does not know throws, and a date that is none is the text "Bad time value". No other
 * part of the program has to do with X509Certificate.
 */
export class X509 {
  readonly #certificate: X509Certificate;
  /** One attribute a line; empty where the Name is. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Undefined where it is of a kind that OpenSSL does not know. */
  readonly publicKey: KeyObject | undefined;

  private constructor(certificate: X509Certificate) {
    this.#certificate = certificate;
    this.subject = namesOf(certificate).subject ?? "";
    this.issuer = namesOf(certificate).issuer ?? "";
    // OpenSSL lets a certificate pass that is dated in no way.
    this.notBefore = dateOf(certificate.validFrom);
    this.notAfter = dateOf(certificate.validTo);
    this.publicKey = unlessThrown(() => certificate.publicKey);
  }

  /** Of the first PEM block, or of DER; undefined where it does not parse or has no date. */
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

  /** SHA-1, as hexadecimal pairs joined by colons. */
  get fingerprint(): string {
    return this.#certificate.fingerprint;
  }

  /** SHA-256, written alike. */
  get fingerprint256(): string {
    return this.#certificate.fingerprint256;
  }

  get serialNumber(): string {
    return this.#certificate.serialNumber;
  }

  get isCa(): boolean {
    return this.#certificate.ca;
  }

  /** Identifiers of the extended key usage; undefined where it is not limited. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return usagesOf(this.#certificate).keyUsage;
  }

  /** As OpenSSL writes them; undefined where there are none. */
  get subjectAltName(): string | undefined {
    return this.#certificate.subjectAltName;
  }

  /** Whether `issuer` may have issued it, by the names and the ids of the keys. */
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

  /** Whether a browser takes it for the host: by the alternative names alone, and without wildcards within a label. */
  covers(host: string): boolean {
    return this.#certificate.checkHost(host, { subject: "never", partialWildcards: false }) !== undefined;
  }
}

/** A Name on one line; in words where it is empty. */
export function onOneLine(name: string): string {
  return name === "" ? "none" : name.replaceAll("\n", ", ");
}

/** The typings say that the members of these are always there. */
function namesOf(certificate: { readonly subject: string | undefined; readonly issuer: string | undefined }) {
  return certificate;
}

function usagesOf(certificate: { readonly keyUsage: readonly string[] | undefined }) {
  return certificate;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError("The certificate has no date");
  return date;
}

function unlessThrown<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
