import "reflect-metadata"; // @peculiar/x509 resolves its algorithms through decorators
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { unlessThrown } from "../lib/failure.js";

/*
 * The sandbox's certificate authority: a root, an intermediate, and the certificates that the intermediate issues.
 * They are real X.509 that any verifier accepts if it trusts the root; the root exists in this process only.
 */

x509.cryptoProvider.set(webcrypto);

export type KeyKind = "RSA-2048" | "RSA-4096" | "EC-P256";

/** Subject of a CSR, in the order and by the abbreviations of X.500. An empty member is left out. */
type DistinguishedName = { readonly CN: string } & Readonly<
  Partial<Record<"C" | "ST" | "L" | "O" | "OU" | "E", string | undefined>>
>;

/** What issues certificates: the authority itself, or one who asks it for each only once. */
export type CertificateIssuer = Pick<CertificateAuthority, "issue" | "sign" | "rootPem">;

interface Order {
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const rsa = { name: "RSASSA-PKCS1-v1_5", publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" } as const;

// These are the same in every certificate, and creating one takes about as long as signing.
const notCa = new x509.BasicConstraintsExtension(false, undefined, true);
const forServers = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]);

const subjectAlternativeNameOid = "2.5.29.17";
const yearMs = 365 * 24 * 3600 * 1000;

export class CertificateAuthority {
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly #intermediate: x509.X509Certificate;
  readonly #signingKey: webcrypto.CryptoKey;
  readonly #issuerKeyId: x509.AuthorityKeyIdentifierExtension;

  private constructor(
    root: x509.X509Certificate,
    intermediate: x509.X509Certificate,
    signingKey: webcrypto.CryptoKey,
    issuerKeyId: x509.AuthorityKeyIdentifierExtension,
  ) {
    this.rootPem = pemOf(root);
    this.intermediatePem = pemOf(intermediate);
    this.#intermediate = intermediate;
    this.#signingKey = signingKey;
    this.#issuerKeyId = issuerKeyId;
  }

  /** @param owner what its own certificates are named after */
  static async create(now: Date, owner = "Cloudcert Sandbox"): Promise<CertificateAuthority> {
    // Starting in the past lets the sandbox issue certificates that expire soon or have expired.
    const validity = {
      notBefore: new Date(now.getTime() - 5 * yearMs),
      notAfter: new Date(now.getTime() + 15 * yearMs),
    };
    const [rootKeys, keys] = await Promise.all([generateKeys("EC-P256"), generateKeys("EC-P256")]);
    const signedByRoot = async (kind: string, publicKey: webcrypto.CryptoKey, pathLength: number) =>
      x509.X509CertificateGenerator.create({
        ...validity,
        subject: caName(owner, kind),
        issuer: caName(owner, "Root CA"),
        publicKey,
        signingKey: rootKeys.privateKey,
        signingAlgorithm: ecdsa,
        extensions: [
          new x509.BasicConstraintsExtension(true, pathLength, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
        ],
      });
    const root = await signedByRoot("Root CA", rootKeys.publicKey, 1);
    const intermediate = await signedByRoot("Issuing CA", keys.publicKey, 0);
    const issuerKeyId = await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey);
    return new CertificateAuthority(root, intermediate, keys.privateKey, issuerKeyId);
  }

  /** A new key and its certificate: leaf, then intermediate. */
  async issue(order: Order & { readonly key: KeyKind }): Promise<{ certificatePem: string; privateKeyPem: string }> {
    const keys = await generateKeys(order.key);
    const certificatePem = await this.#certify(await x509.PublicKey.create(keys.publicKey), order);
    return { certificatePem, privateKeyPem: privateKeyPem(keys.privateKey) };
  }

  /**
   * A certificate for the key of a CSR: leaf, then intermediate.
   * @throws {Error} if the CSR does not parse or was not signed with its own key
   */
  async sign(order: Order & { readonly csrPem: string }): Promise<{ certificatePem: string }> {
    const request = new x509.Pkcs10CertificateRequest(order.csrPem);
    if (!(await request.verify())) throw new Error("The signing request was not signed by its own key");
    return { certificatePem: await this.#certify(request.publicKey, order) };
  }

  async #certify(publicKey: x509.PublicKey, order: Order): Promise<string> {
    const [commonName] = order.names;
    if (commonName === undefined) throw new Error("A certificate needs at least one name");
    const leaf = await x509.X509CertificateGenerator.create({
      notBefore: order.notBefore,
      notAfter: order.notAfter,
      subject: [{ CN: [commonName] }],
      issuer: this.#intermediate.subjectName,
      publicKey,
      signingKey: this.#signingKey,
      signingAlgorithm: ecdsa,
      extensions: [
        notCa,
        new x509.KeyUsagesExtension(leafUsages(publicKey), true),
        forServers,
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        this.#issuerKeyId,
        alternativeNames(order.names),
      ],
    });
    return pemOf(leaf) + this.intermediatePem;
  }
}

/** A CSR and its new key; with a passphrase the PKCS#8 key is encrypted. */
export async function createCsr(
  subject: DistinguishedName,
  names: readonly string[],
  key: KeyKind,
  passphrase?: string,
): Promise<{ csrPem: string; privateKeyPem: string }> {
  const keys = await generateKeys(key);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: distinguishedName(subject),
    keys,
    signingAlgorithm: key === "EC-P256" ? ecdsa : rsa,
    extensions: names.length === 0 ? [] : [alternativeNames(names)],
  });
  return { csrPem: pemOf(request), privateKeyPem: privateKeyPem(keys.privateKey, passphrase) };
}

/** The content of a CSR; undefined if it does not parse or has no name. */
export function parseCsr(
  pem: string,
): { commonName: string; names: readonly string[]; publicKeyPem: string } | undefined {
  return unlessThrown(() => {
    const request = new x509.Pkcs10CertificateRequest(pem);
    const alternatives = alternativeNamesOf(request);
    const commonName = request.subjectName.getField("CN")[0] ?? alternatives[0];
    if (commonName === undefined) return undefined;
    const names = [...new Set([commonName, ...alternatives])];
    return { commonName, names, publicKeyPem: pemOf(request.publicKey) };
  });
}

function generateKeys(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  const usages = ["sign", "verify"] as const;
  if (kind === "EC-P256") return webcrypto.subtle.generateKey(ecdsa, true, usages);
  return webcrypto.subtle.generateKey({ ...rsa, modulusLength: kind === "RSA-4096" ? 4096 : 2048 }, true, usages);
}

function privateKeyPem(key: webcrypto.CryptoKey, passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return KeyObject.from(key)
    .export({ type: "pkcs8", format: "pem", ...encryption })
    .toString();
}

/** An elliptic-curve key only signs; an RSA key may also encrypt a session key (RFC 5480, RFC 3279). */
function leafUsages(key: x509.PublicKey): x509.KeyUsageFlags {
  const signs = x509.KeyUsageFlags.digitalSignature;
  return key.algorithm.name.startsWith("RSA") ? signs | x509.KeyUsageFlags.keyEncipherment : signs;
}

function alternativeNames(names: readonly string[]): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value })));
}

function alternativeNamesOf(request: x509.Pkcs10CertificateRequest): string[] {
  const extension = request.getExtension(subjectAlternativeNameOid);
  if (!(extension instanceof x509.SubjectAlternativeNameExtension)) return [];
  return extension.names.items.flatMap(({ type, value }) => (type === "dns" ? [value] : []));
}

/** X.509 requires two letters of a country; one that is given as a word, as in the vendor's example, is left out. */
function distinguishedName({ C, ...subject }: DistinguishedName): x509.JsonName {
  const country = C !== undefined && /^[a-z]{2}$/i.test(C) ? C.toUpperCase() : undefined;
  return Object.entries({ C: country, ...subject }).flatMap(([field, value]) => (value ? [{ [field]: [value] }] : []));
}

function caName(owner: string, kind: string): x509.JsonName {
  return [{ O: [owner] }, { CN: [`${owner} ${kind}`] }];
}

/** PEM text with a final newline, ready to be joined. */
function pemOf(data: { toString(format: "pem"): string }): string {
  return `${data.toString("pem").trimEnd()}\n`;
}
