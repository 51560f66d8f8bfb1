import { createPrivateKey } from "node:crypto";
import { asGmsslWrites } from "../certificates/encrypted-keys.js";
import type { Material } from "./material.js";
import { error, type Row, rowsOf, warns } from "./row.js";

const certificate = "CertificatePublicKey";
const key = "CertificatePrivateKey";
const parse = "FailedOperation.CertificateParseError";
const match = "FailedOperation.CertificateMatchError";

const pair = (pem: string, keyPem: string, more: Row["params"] = {}) => ({
  CertificatePublicKey: pem,
  CertificatePrivateKey: keyPem,
  ...more,
});

export function goodUploads(m: Material): Row[] {
  const { plain, rsa, named, dated, used, under, keys, ca } = m;
  const full = (party: { readonly pem: string; readonly key: string }) => pair(party.pem + ca.middle.pem, party.key);
  return rowsOf("UploadCertificate", [
    ["an ECC leaf under an RSA root", full(plain)],
    ["an RSA leaf", full(rsa)],
    ["an RSA key in PKCS #1", pair(rsa.pem + ca.middle.pem, keys.pkcs1)],
    ["an EC key in SEC 1", pair(plain.pem + ca.middle.pem, keys.traditional)],
    [
      "line ends of Windows",
      pair((plain.pem + ca.middle.pem).replaceAll("\n", "\r\n"), plain.key.replaceAll("\n", "\r\n")),
    ],
    ["white space around", pair(`\n ${plain.pem}\n\n${ca.middle.pem}\n `, `\n${plain.key}\n`)],
    ["a wildcard", full(named.wildcard)],
    ["an internationalised name", full(named.idn)],
    ["100 names", full(named.hundred)],
    ["IP addresses among the names", full(named.address)],
    ["two intermediates", pair(under.lower.pem + ca.lower.pem + ca.upper.pem, under.lower.key)],
    ["a cross-signed root", pair(plain.pem + ca.middle.pem + ca.crossed.pem, plain.key)],
    ["what public CAs add", full(under.public)],
    ["usage both as server and client", full(used.both)],
    ["no limit of usage", full(used.unlimited)],
    ["seven days left", full(dated.week)],
    [
      "an encrypted key with its password",
      pair(plain.pem + ca.middle.pem, keys.encrypted, { KeyPassword: m.password }),
    ],
    ["a root as CA", { CertificatePublicKey: ca.root.pem, CertificateType: "CA" }],
    ["an intermediate as CA", { CertificatePublicKey: ca.middle.pem, CertificateType: "CA" }],
    [
      "an old root that is signed with SHA-1, after its chain",
      pair(plain.pem + ca.middle.pem + ca.crossed.pem + ca.oldRoot.pem, plain.key),
      warns(certificate, /^Certificate 4 of the chain is the root, which need not be sent: leave it out\.$/),
    ],
    [
      "the root in the chain",
      pair(plain.pem + ca.middle.pem + ca.root.pem, plain.key),
      warns(certificate, /^Certificate 3 of the chain is the root, which clients already have: leave it out\.$/),
    ],
    [
      "a root and its cross-signed twin",
      pair(plain.pem + ca.middle.pem + ca.root.pem + ca.crossed.pem, plain.key),
      warns(certificate, /^Certificate 3 of the chain is the root, /),
    ],
  ]);
}

export function badUploads(m: Material): Row[] {
  const { plain, other, keys, ca } = m;
  const chain = plain.pem + ca.middle.pem;
  const cut = plain.pem.replace("-----END CERTIFICATE-----", "");
  return rowsOf("UploadCertificate", [
    ["no PEM", pair("a certificate", plain.key), error(certificate, /no PEM certificate/, parse)],
    ["nothing", pair("", plain.key), error(certificate, /no PEM certificate/, parse)],
    ["a block without an end", pair(cut, plain.key), error(certificate, /first certificate does not parse/, parse)],
    [
      "a block with damage",
      pair(chain.replace(/M/, "!"), plain.key),
      error(certificate, /first certificate does not parse/, parse),
    ],
    [
      "a CSR in place of it",
      pair("-----BEGIN CERTIFICATE REQUEST-----\n", plain.key),
      error(certificate, /no PEM/, parse),
    ],
    [
      "a second block with damage",
      pair(`${plain.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`, plain.key),
      error(certificate, /^Certificate 2 of the chain does not parse\.$/, parse),
      warns(certificate, /intermediate certificate is missing/),
    ],
    ["the key of another", pair(chain, other.key), error(key, /does not belong to the certificate\.$/, match)],
    ["a key of another kind", pair(chain, m.rsa.key), error(key, /does not belong/, match)],
    [
      "the chain upside down",
      pair(ca.middle.pem + plain.pem, plain.key),
      error(key, /belongs to certificate 2 of the chain, so the leaf is not first/, match),
      warns(certificate, /first certificate is a CA certificate/),
      warns(certificate, /leaf is not first: certificate 2/),
    ],
    [
      "the RSA and the ECC certificate of a host, with the key of the second",
      pair(m.rsa.pem + plain.pem + ca.middle.pem, plain.key),
      error(key, /^Certificates 1 and 2 are both a server's, and the private key belongs to certificate 2\.$/, match),
    ],
    [
      "no key",
      { CertificatePublicKey: chain },
      error(key, /needs its private key/, "InvalidParameter.MissMatchPrivateKey"),
    ],
    ["an empty key", pair(chain, ""), error(key, /needs its private key/, "InvalidParameter.MissMatchPrivateKey")],
    ["a key that is none", pair(chain, "a key"), error(key, /not PEM that can be read/, parse)],
    ["a public key as the key", pair(chain, plain.pem), error(key, /not PEM that can be read/, parse)],
    [
      "an encrypted key without a password",
      pair(chain, keys.encrypted),
      error(key, /encrypted: give its password in KeyPassword/, parse),
    ],
    [
      "the wrong password",
      pair(chain, keys.encrypted, { KeyPassword: "battery" }),
      error(key, /password in KeyPassword does not open/, parse),
    ],
    [
      "a server's certificate as CA",
      { CertificatePublicKey: chain, CertificateType: "CA" },
      error(certificate, /not a CA certificate/, "FailedOperation.CertificateCaError"),
    ],
    [
      "no PEM as CA",
      { CertificatePublicKey: "a certificate", CertificateType: "CA" },
      error(certificate, /no PEM/, parse),
    ],
  ]);
}

/** What the cloud takes, and a person should know of. */
export function doubtfulUploads(m: Material): Row[] {
  const { plain, rsa, small, named, dated, used, under, ca } = m;
  const full = (party: { readonly pem: string; readonly key: string }) => pair(party.pem + ca.middle.pem, party.key);
  const warn = (says: RegExp) => warns(certificate, says);
  return rowsOf("UploadCertificate", [
    ["expired", full(dated.expired), warn(/^The certificate expired on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.$/)],
    ["not yet valid", full(dated.future), warn(/^The certificate is not valid before /)],
    ["three days left", full(dated.ending), warn(/^The certificate expires on .*, in less than 7 days\.$/)],
    [
      "an expired intermediate",
      pair(under.stale.pem + ca.stale.pem, under.stale.key),
      warn(/^Certificate 2 of the chain expired/),
    ],
    [
      "an intermediate that ends before the leaf",
      pair(under.ending.pem + ca.ending.pem, under.ending.key),
      warn(/^Certificate 2 of the chain expires on .*, before the leaf: from then on visitors are turned away\.$/),
    ],
    [
      "a leaf alone",
      pair(plain.pem, plain.key),
      warn(/intermediate certificate is missing: nothing here is from the issuer "CN=Issuing CA"/),
    ],
    [
      "an intermediate of another",
      pair(plain.pem + ca.lower.pem, plain.key),
      warn(/^Certificate 2 of the chain is not part/),
      warn(/intermediate certificate is missing/),
    ],
    [
      "out of order",
      pair(under.lower.pem + ca.upper.pem + ca.lower.pem, under.lower.key),
      warn(/out of order: it should be 1, 3, 2\.$/),
    ],
    [
      "the leaf twice",
      pair(plain.pem + plain.pem + ca.middle.pem, plain.key),
      warn(/^Certificate 2 of the chain is not part/),
    ],
    [
      "an intermediate of the same name with another key",
      pair(plain.pem + ca.impostor.pem, plain.key),
      warn(/names certificate 2 as its issuer, but was not signed by its key/),
    ],
    ["signed by its own key", pair(under.itself.pem, under.itself.key), warn(/signed by its own key/)],
    ["RSA of 1024 bits", full(small), warn(/^The certificate has a key of RSA 1024;/)],
    [
      "a weak intermediate",
      pair(under.weak.pem + ca.weak.pem, under.weak.key),
      warn(/^Certificate 2 of the chain has a key of RSA 1024/),
      warn(/^Certificate 2 of the chain is signed with SHA-1/),
    ],
    ["a client's certificate", full(used.client), warn(/lacks serverAuth/)],
    ["only a common name", full(named.commonNameOnly), warn(/no subject alternative name/)],
    [
      "a CA's certificate for a server",
      pair(ca.root.pem, ca.root.key),
      warn(/no subject alternative name/),
      warn(/first certificate is a root certificate/),
    ],
    [
      "a key for a CA",
      { ...pair(ca.root.pem, ca.root.key), CertificateType: "CA" },
      warns(key, /stored without its key/),
    ],
    ["text around", pair(`issued to us\n${plain.pem}${ca.middle.pem}`, plain.key), warn(/other text beside/)],
    [
      "the key in the certificate's text",
      pair(rsa.pem + ca.middle.pem + rsa.key, rsa.key),
      warn(/private key in the text/),
    ],
  ]);
}

/** Keys that the cloud gets as they are, together with the password. Only what is opened here is checked. */
export function otherwiseEncryptedUploads({ openssl, rsa, plain, ca, password }: Material): Row[] {
  if (openssl === undefined) return [];
  const chain = rsa.pem + ca.middle.pem;
  const given = { KeyPassword: password };
  const fromGmssl = asGmsslWrites(createPrivateKey(rsa.key), password);
  return rowsOf("UploadCertificate", [
    ["a key that GmSSL encrypted", pair(chain, fromGmssl, given)],
    [
      "a key that GmSSL encrypted, of another certificate",
      pair(plain.pem + ca.middle.pem, fromGmssl, given),
      error(key, /does not belong to the certificate/, match),
    ],
    [
      "a key that is encrypted with RC2",
      pair(chain, openssl.lockedWithRc2, given),
      warns(key, /encrypted with RC2 and cannot be opened here: whether it belongs .* was not checked\.$/),
    ],
    [
      "a key that is encrypted with RC2, without a password",
      pair(chain, openssl.lockedWithRc2),
      error(key, /encrypted: give its password in KeyPassword/, parse),
    ],
  ]).map((row) => ({ ...row, unsent: "the sandbox opens what OpenSSL's default provider does" }));
}

export function opensslUploads({ openssl, rsa, ca, password }: Material): Row[] {
  if (openssl === undefined) return [];
  const own = warns(certificate, /signed by its own key/);
  const { p192, p224, p521, ed25519, md5, pss, withParameters, lockedTraditional, sm2 } = openssl;
  const of = ({ certificate: pem, key: keyPem }: { certificate: string; key: string }) => pair(pem, keyPem);
  return rowsOf("UploadCertificate", [
    ["a curve of 192 bits", of(p192), warns(certificate, /key of EC prime192v1;/), own],
    ["a curve of 224 bits", of(p224), warns(certificate, /key of EC secp224r1;/), own],
    ["a curve of 521 bits", of(p521), warns(certificate, /key of EC P-521 .*Chrome and Edge do not accept\.$/), own],
    ["Ed25519", of(ed25519), warns(certificate, /key of Ed25519, which browsers do not accept\.$/), own],
    ["MD5", of(md5), warns(certificate, /signed with MD5/), own],
    ["RSA-PSS with SHA-256", of(pss), own],
    [
      "a key after its parameters",
      of(withParameters),
      warns(certificate, /no subject alternative/),
      warns(certificate, /root certificate/),
    ],
    ["an older encrypted key", pair(rsa.pem + ca.middle.pem, lockedTraditional, { KeyPassword: password })],
    [
      "an older encrypted key without a password",
      pair(rsa.pem + ca.middle.pem, lockedTraditional),
      error(key, /is encrypted/, parse),
    ],
    ...(sm2 === undefined
      ? []
      : [
          [
            "SM2",
            pair(sm2.sign.certificate + sm2.root, sm2.sign.key),
            error(
              certificate,
              /SM2 standard, and an RSA or ECC one is needed/,
              "FailedOperation.CertificateEncryptInvalid",
            ),
            warns(certificate, /^Certificate 3 of the chain is the root/),
            warns(certificate, /of the SM2 standard: signatures in its chain were not checked\.$/),
          ] as const,
        ]),
  ]);
}
