import "reflect-metadata"; // @peculiar/x509 resolves its algorithms through decorators
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

export type KeyKind = "RSA-1024" | "RSA-2048" | "EC-P256" | "EC-P384";
type Hash = "SHA-1" | "SHA-256" | "SHA-384";

export interface Party {
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly kind: KeyKind;
  readonly pem: string;
  readonly key: string;
}

interface Order {
  readonly name: string;
  /** DNS names; the name itself unless told, none when empty. */
  readonly names?: readonly string[];
  /** Signed by its own key when absent. */
  readonly by?: Party;
  readonly ca?: boolean;
  readonly kind?: KeyKind;
  /** The key of another party. */
  readonly keys?: Party;
  readonly hash?: Hash;
  readonly from?: Date;
  readonly to?: Date;
  readonly usages?: readonly x509.ExtendedKeyUsageType[];
  readonly more?: readonly x509.Extension[];
}

const exponent = new Uint8Array([1, 0, 1]);

/** Issues whatever certificate is asked for, also such as no CA would. */
export class Authority {
  readonly #now: Date;
  #serial = 0x1000;

  constructor(now: Date) {
    this.#now = now;
  }

  inDays(days: number): Date {
    return new Date(this.#now.getTime() + days * 24 * 3600 * 1000);
  }

  async issue(order: Order): Promise<Party> {
    const { name, by, ca = false, kind = "EC-P256", from = this.inDays(-2), to = this.inDays(90) } = order;
    const keys = order.keys?.keys ?? (await generate(kind));
    const names = order.names ?? (ca ? [] : [name]);
    this.#serial += 1;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: this.#serial.toString(16),
      subject: `CN=${name}`,
      issuer: `CN=${by?.name ?? name}`,
      notBefore: from,
      notAfter: to,
      publicKey: keys.publicKey,
      signingKey: await signing(by?.keys ?? keys, order.hash),
      signingAlgorithm: { ...algorithmOf(by?.kind ?? order.keys?.kind ?? kind), hash: order.hash ?? "SHA-256" },
      extensions: [
        new x509.BasicConstraintsExtension(ca, undefined, true),
        ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names.map(generalName))]),
        ...(ca ? [] : usagesOf(order.usages)),
        ...(order.more ?? []),
      ],
    });
    const pem = `${certificate.toString("pem").trimEnd()}\n`;
    return { name, keys, kind, pem, key: pkcs8(keys) };
  }

  async request(name: string, names: readonly string[], party: Party, hash: Hash = "SHA-256"): Promise<string> {
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: name === "" ? [] : `CN=${name}`,
      keys: { ...party.keys, privateKey: await signing(party.keys, hash) },
      signingAlgorithm: { ...algorithmOf(party.kind), hash },
      extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names.map(generalName))],
    });
    return `${request.toString("pem")}\n`;
  }
}

export const usage = x509.ExtendedKeyUsage;

/** What a public CA adds: timestamps, and where it answers. The timestamps are none. */
export function publicExtensions(): x509.Extension[] {
  return [
    new x509.Extension("1.3.6.1.4.1.11129.2.4.2", false, new Uint8Array([4, 2, 0, 0])),
    new x509.AuthorityInfoAccessExtension({
      ocsp: "http://ocsp.example.org",
      caIssuers: "http://ca.example.org/i.crt",
    }),
  ];
}

/** The key in PKCS #8, encrypted. */
export function encrypted(party: Party, passphrase: string): string {
  return KeyObject.from(party.keys.privateKey)
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
    .toString();
}

/** The key in the older form of its own kind: `RSA PRIVATE KEY` or `EC PRIVATE KEY`. */
export function traditional({ keys, kind }: Party): string {
  const type = kind.startsWith("RSA") ? "pkcs1" : "sec1";
  return KeyObject.from(keys.privateKey).export({ type, format: "pem" }).toString();
}

/** WebCrypto binds an RSA key to its hash. */
async function signing({ privateKey }: webcrypto.CryptoKeyPair, hash: Hash = "SHA-256"): Promise<webcrypto.CryptoKey> {
  const { name } = privateKey.algorithm;
  if (!name.startsWith("RSA")) return privateKey;
  const bytes = await webcrypto.subtle.exportKey("pkcs8", privateKey);
  return webcrypto.subtle.importKey("pkcs8", bytes, { name, hash }, true, ["sign"]);
}

function pkcs8(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
}

function generalName(value: string): x509.JsonGeneralName {
  return /^[\d.]+$|:/.test(value) ? { type: "ip", value } : { type: "dns", value };
}

function usagesOf(usages: readonly x509.ExtendedKeyUsageType[] = [usage.serverAuth]): x509.Extension[] {
  return usages.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension([...usages])];
}

function algorithmOf(kind: KeyKind) {
  return kind.startsWith("RSA") ? { name: "RSASSA-PKCS1-v1_5" } : { name: "ECDSA" };
}

function generate(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  if (kind === "EC-P256")
    return webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  if (kind === "EC-P384")
    return webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: exponent };
  const modulusLength = Number(kind.slice("RSA-".length));
  return webcrypto.subtle.generateKey({ ...algorithm, modulusLength }, true, ["sign", "verify"]);
}
