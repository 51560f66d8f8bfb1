import { X509Certificate } from "node:crypto";
import { Openssl } from "../preflight/openssl.js";

/** Certificates that OpenSSL and this program have to work hard for, which anybody can make. */

/** No empty line at the end, whatever the length: OpenSSL takes one for the end of the headers. */
export const pemOf = (der: Buffer, label = "CERTIFICATE") =>
  `-----BEGIN ${label}-----\n${der.toString("base64").replace(/.{64}(?!$)/g, "$&\n")}\n-----END ${label}-----\n`;

export interface Ring {
  /** Different certificates, every second one naming the others as its issuers, and they it. */
  readonly certificates: readonly Buffer[];
  /** Of the first. */
  readonly key: string;
}

/** Two names that issue each other, under one key on `curve`, with as many serial numbers as wanted. */
export function ringOf(count: number, curve: string): Ring {
  const openssl = new Openssl();
  openssl.run("ecparam", "-name", curve, "-genkey", "-noout", "-out", "k.pem");
  openssl.write("ext", "basicConstraints=CA:true\n");
  const serial = { A: "1122334455667703", B: "1122334455667704" } as const;
  for (const name of ["A", "B"] as const) {
    openssl.run(
      "req",
      "-x509",
      "-new",
      "-key",
      "k.pem",
      "-subj",
      `/CN=${name}`,
      "-days",
      "900",
      "-out",
      `s${name}.pem`,
    );
    openssl.run("req", "-new", "-key", "k.pem", "-subj", `/CN=${name}`, "-out", `${name}.csr`);
  }
  const issued = (name: "A" | "B", by: "A" | "B") => {
    const more = ["-set_serial", `0x${serial[name]}`, "-days", "800", "-extfile", "ext", "-out", `${name}.pem`];
    openssl.run("x509", "-req", "-in", `${name}.csr`, "-CA", `s${by}.pem`, "-CAkey", "k.pem", ...more);
    return new X509Certificate(openssl.read(`${name}.pem`)).raw;
  };
  const made = { A: issued("A", "B"), B: issued("B", "A") };
  const certificates = Array.from({ length: count }, (_, index) => {
    const name = index % 2 === 0 ? "A" : "B";
    if (index === 0) return made.A;
    const copy = Buffer.from(made[name]);
    copy.writeUInt32BE(index, copy.indexOf(Buffer.from(serial[name], "hex")) + 2);
    return copy;
  });
  const key = openssl.read("k.pem");
  openssl.close();
  return { certificates, key };
}

const lengthOf = (length: number) =>
  length < 128 ? Buffer.from([length]) : Buffer.from([0x82, length >> 8, length & 255]);
export const tlv = (tag: number, ...contents: readonly Buffer[]) => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};
const integer = (...bytes: readonly number[]) => tlv(2, Buffer.from(bytes));
const oid = (hex: string) => tlv(6, Buffer.from(hex, "hex"));

/** A DSA key in PKCS #8 whose public half takes a second to work out: an odd number and an exponent of 10,000 bits. */
export function slowKey(): string {
  const odd = Buffer.alloc(1_250, 0x7f);
  const algorithm = tlv(0x30, oid("2a8648ce380401"), tlv(0x30, tlv(2, odd), tlv(2, odd), integer(3)));
  return pemOf(tlv(0x30, integer(0), algorithm, tlv(4, tlv(2, Buffer.alloc(1_250, 0x7e)))), "PRIVATE KEY");
}

/** An encrypted key that is to be opened by so many rounds of PBKDF2, or of scrypt with these parameters. */
export function encryptedKey(rounds: Buffer | readonly Buffer[]): string {
  const salt = tlv(4, Buffer.alloc(16));
  const derivation = Buffer.isBuffer(rounds)
    ? tlv(0x30, oid("2a864886f70d01050c"), tlv(0x30, salt, rounds))
    : tlv(0x30, oid("2b06010401da47040b"), tlv(0x30, salt, ...rounds));
  const cipher = tlv(0x30, oid("60864801650304012a"), tlv(4, Buffer.alloc(16)));
  const algorithm = tlv(0x30, oid("2a864886f70d01050d"), tlv(0x30, derivation, cipher));
  return pemOf(tlv(0x30, algorithm, tlv(4, Buffer.alloc(64, 1))), "ENCRYPTED PRIVATE KEY");
}

export const number = (value: number) => tlv(2, Buffer.from([0, value >> 24, value >> 16, value >> 8, value]));
