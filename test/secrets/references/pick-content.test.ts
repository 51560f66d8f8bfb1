import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pemOf } from "../../../src/certificates/pem.js";
import { withNamedCurve } from "../../../src/certificates/private-key.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { blocksIn } from "../../../src/secrets/references/blocks-in-file.js";
import { keysIn, pickContent } from "../../../src/secrets/references/pick-content.js";
import { sm2EnvelopedKey } from "../../certificates/encrypted-keys.js";
import { failureOf, madeMaterial, openssl } from "./support.js";

const made = madeMaterial();
const { leaf, intermediate, key, csr, directory } = made;
const PASS = "correct horse";
const chain = leaf + intermediate;

const run = (...args: readonly string[]) => openssl(directory, args);
const picked = (
  given: string | Uint8Array,
  ...rest: [Parameters<typeof pickContent>[1], Parameters<typeof pickContent>[2]?]
) => pickContent(Buffer.from(given), ...rest);
const same = (one: string, other: string) => createPrivateKey(one).equals(createPrivateKey(other));

const pkcs1 = run("rsa", "-in", "leaf.key", "-traditional").toString();
const encrypted = run("pkcs8", "-topk8", "-in", "leaf.key", "-v2", "aes256", "-passout", `pass:${PASS}`).toString();
const legacy = run("rsa", "-in", "leaf.key", "-traditional", "-aes128", "-passout", `pass:${PASS}`).toString();
const sec1 = run("ecparam", "-name", "prime256v1", "-genkey").toString();

const explicit = run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-param_enc", "explicit").toString();

const crlf = (text: string) => text.replaceAll("\n", "\r\n");
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

describe("PEM as it is found in the wild", () => {
  const forms: readonly (readonly [string, string | Uint8Array])[] = [
    ["as it should be", chain + key],
    ["with a byte order mark", `\ufeff${chain}${key}`],
    ["in UTF-16", utf16(chain + key)],
    ["with CRLF", crlf(chain + key)],
    ["with blank lines around and between", `\n\n${leaf}\n\n${intermediate}\n \n${key}\n\n`],
    ["with the key first", key + chain],
    ["with a CSR among it", csr + chain + key],
    ["with OpenSSL's bag attributes", `Bag Attributes\n    friendlyName: x\nsubject=CN = x\n${chain}Key: v\n${key}`],
    ["indented", (chain + key).replaceAll(/^/gm, "    ")],
    ["with \\n in two characters", (chain + key).replaceAll("\n", "\\n").concat("\n")],
    ["in JSON that escapes slashes, as PHP writes it", JSON.stringify({ all: chain + key }).replaceAll("/", "\\/")],
    [
      "in JSON that escapes plus signs, as .NET writes it",
      JSON.stringify({ all: chain + key }).replaceAll("+", "\\u002B"),
    ],
    ["in a string of JSON inside JSON", JSON.stringify(JSON.stringify({ all: chain + key }))],
    ["on one line", (chain + key).replaceAll("\n", " ")],
    ["without a last newline", (chain + key).trimEnd()],
    ["each block twice", chain + chain + key + key],
    ["in UTF-16, big end first", utf16(chain + key).swap16()],
    ["in UTF-16 without a mark", Buffer.from(chain + key, "utf16le")],
    ["in base64, as Kubernetes keeps it", Buffer.from(chain + key).toString("base64")],
    ["under a misspelt label", (chain + key).replaceAll("CERTIFICATE", "CERTIFICAT")],
    ["with two blanks before the label", (chain + key).replaceAll(/(BEGIN|END) /g, "$1  ")],
    ["under the label of another kind of key", chain + key.replaceAll("PRIVATE KEY", "RSA PRIVATE KEY")],
    ["with a header, as mail has", chain.replaceAll("-----BEGIN CERTIFICATE-----", "$&\nComment: mine\n") + key],
    ["with a digest in base64 after it", `${chain}${key}${Buffer.alloc(48, 7).toString("base64")}\n`],
    [
      "in hexadecimal digits",
      Buffer.from(chain + key)
        .toString("hex")
        .replace(/.{64}/g, "$&\n"),
    ],
    ["as in a URL", encodeURIComponent(chain + key)],
    [
      "in base64 in lines",
      Buffer.from(crlf(chain + key))
        .toString("base64")
        .replace(/.{76}/g, "$&\n"),
    ],
  ];
  it.each(forms)("%s", async (_, given) => {
    expect(await picked(given, "certificate")).toBe(chain);
    expect(await picked(given, "private key")).toBe(key);
  });

  it("keeps the order of the chain", async () =>
    expect(await picked(intermediate + leaf, "certificate")).toBe(intermediate + leaf));

  it("picks the CSR", async () => expect(await picked(key + crlf(csr), "csr")).toBe(csr));

  it("finds each key for masking", () => expect(keysIn(Buffer.from(crlf(chain + key + pkcs1)))).toEqual([key, pkcs1]));

  it("is read in one pass, also a megabyte of first lines", () => {
    expect(blocksIn(Buffer.from("-----BEGIN PRIVATE KEY-----\n".repeat(40_000)))).toEqual([]);
  });
});

describe("DER", () => {
  it("of a certificate", async () => {
    const der = run("x509", "-in", "leaf.crt", "-outform", "der");
    expect(new X509Certificate(await picked(der, "certificate")).fingerprint256).toBe(
      new X509Certificate(leaf).fingerprint256,
    );
    expect(await picked(der, "certificate")).toBe(leaf);
  });

  it("of a whole chain, one after the other, with a line break at the end", async () => {
    const der = [leaf, intermediate].map((pem) => new X509Certificate(pem).raw);
    expect(await picked(Buffer.concat([...der, Buffer.from("\n")]), "certificate")).toBe(chain);
  });

  it("of a CSR", async () => expect(await picked(run("req", "-in", "leaf.csr", "-outform", "der"), "csr")).toBe(csr));

  const { privateKey: ec } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const { privateKey: ed } = generateKeyPairSync("ed25519");
  const rsa = createPrivateKey(key);
  it.each([
    ["PKCS#8 RSA", rsa, rsa.export({ type: "pkcs8", format: "der" }), "PRIVATE KEY"],
    ["PKCS#1", rsa, rsa.export({ type: "pkcs1", format: "der" }), "RSA PRIVATE KEY"],
    ["PKCS#8 EC", ec, ec.export({ type: "pkcs8", format: "der" }), "PRIVATE KEY"],
    ["SEC1", ec, ec.export({ type: "sec1", format: "der" }), "EC PRIVATE KEY"],
    ["PKCS#8 Ed25519", ed, ed.export({ type: "pkcs8", format: "der" }), "PRIVATE KEY"],
  ])("of a key, %s", async (_, given, der, label) => {
    const pem = await picked(der, "private key");
    expect(pem).toMatch(new RegExp(`^-----BEGIN ${label}-----\n`));
    expect(createPrivateKey(pem).equals(given)).toBe(true);
  });

  it("of an encrypted key", async () => {
    const der = run("pkcs8", "-topk8", "-in", "leaf.key", "-outform", "der", "-passout", `pass:${PASS}`);
    expect(same(await picked(der, "private key", { password: PASS }), key)).toBe(true);
  });
});

describe("a private key", () => {
  it.each([
    ["PKCS#1", pkcs1],
    ["PKCS#8", key],
  ])("in %s is kept as it is", async (_, pem) => expect(await picked(pem, "private key")).toBe(pem));

  it("in SEC1 is kept, without the parameters before it", async () => {
    expect(sec1).toContain("BEGIN EC PARAMETERS");
    expect(await picked(sec1, "private key")).toBe(sec1.slice(sec1.indexOf("-----BEGIN EC PRIVATE KEY")));
  });

  it.each([
    ["SEC1", ["ec"], {}],
    ["PKCS#8", ["pkcs8", "-topk8", "-nocrypt"], {}],
    ["encrypted PKCS#8", ["pkcs8", "-topk8", "-passout", `pass:${PASS}`], { password: PASS }],
  ] as const)("that gives its curve's parameters gets the curve's name: %s", async (form, args, handling) => {
    writeFileSync(join(directory, "explicit.key"), explicit);
    const given = run(
      ...args,
      "-in",
      "explicit.key",
      ...(form === "SEC1" ? ["-param_enc", "explicit"] : []),
    ).toString();
    const pem = await picked(given, "private key", handling);
    expect(createPrivateKey(pem).export({ type: "pkcs8", format: "der" }).length).toBeLessThan(150);
    expect(explicit.length).toBeGreaterThan(2 * pem.length);
    expect(same(pem, explicit)).toBe(true);
  });

  it.each([
    ["PKCS#8", encrypted],
    ["an old PEM", legacy],
  ])("encrypted in %s is opened with its password", async (_, pem) => {
    const opened = await picked(leaf + crlf(pem), "private key", { password: PASS });
    expect(opened).not.toContain("ENCRYPTED");
    expect(same(opened, key)).toBe(true);
  });

  it("encrypted is left so where the cloud opens it", async () => {
    expect(await picked(crlf(encrypted), "private key", { cloudOpens: true })).toBe(encrypted);
  });

  it.each([
    ["without a password", {}, "no password was named"],
    ["with another one", { password: "not-it-123" }, "cannot be opened with that password"],
    ["with one that the cloud is given too", { password: PASS, cloudOpens: true }, "given twice"],
  ])("encrypted, %s, is refused", async (_, handling, why) => {
    const { happened, next } = await failureOf(() => picked(encrypted, "private key", handling));
    expect(happened).toContain(why);
    expect(happened + next).not.toMatch(/not-it-123|correct horse/);
  });

  describe("encrypted with a cipher that only OpenSSL's legacy provider has", () => {
    const legacyProvider = ["-provider", "legacy", "-provider", "default", "-passout", `pass:${PASS}`];
    run("pkcs8", "-topk8", "-in", "leaf.key", "-v2", "rc2", ...legacyProvider, "-out", "rc2.key");

    it.each([
      ["with its password", { password: PASS }],
      ["with another one", { password: "not-it-123" }],
      ["without one", {}],
    ])("is refused for that, %s", async (_, handling) => {
      const { happened } = await failureOf(() =>
        picked(readFileSync(join(directory, "rc2.key")), "private key", handling),
      );
      expect(happened).toBe(
        "it is a private key encrypted with RC2, which cannot be opened here, whatever the password.",
      );
    });

    it("is opened after the command of the advice", async () => {
      const { next } = await failureOf(() => picked(readFileSync(join(directory, "rc2.key")), "private key"));
      const [, , args = ""] = /(openssl) (pkey .*?)\. It asks/.exec(next) ?? [];
      run(...args.replace("FILE", "rc2.key").split(" "), "-passin", `pass:${PASS}`, "-passout", "pass:anew");
      const anew = await picked(readFileSync(join(directory, "site.key")), "private key", { password: "anew" });
      expect(same(anew, key)).toBe(true);
      expect(next).toContain("never write it there itself");
    });

    it("is left so where the cloud opens it", async () => {
      const pem = readFileSync(join(directory, "rc2.key"), "utf8");
      expect(await picked(pem, "private key", { cloudOpens: true })).toBe(pem);
    });
  });

  it("in PKCS#8 under the label of an encrypted one is taken as it is", async () => {
    expect(await picked(key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"), "private key")).toBe(key);
  });

  it("of an SM2 pair is the one for signing where the other is in an envelope", async () => {
    const file = leaf + pemOf("SM2 ENVELOPED KEY", sm2EnvelopedKey()) + key;
    expect(await picked(file, "private key")).toBe(key);
    expect(await picked(file, "certificate")).toBe(leaf);
  });

  it.each([
    ["PKCS#8 and PKCS#1", key, pkcs1],
    ["PKCS#1 and PKCS#8", pkcs1, key],
    ["SEC1 and PKCS#8", sec1, createPrivateKey(sec1).export({ type: "pkcs8", format: "pem" }).toString()],
    ["its curve's parameters and name", withNamedCurve(createPrivateKey(explicit)), explicit],
  ])("in two forms, %s, is one", async (_, first, second) => {
    const one = typeof first === "string" ? first : first.export({ type: "sec1", format: "pem" }).toString();
    expect(same(await picked(one + second, "private key"), one)).toBe(true);
  });

  it("that states another key's public half is not that key", async () => {
    const [mine, other] = [createPrivateKey(sec1), generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey];
    const { d = "" } = mine.export({ format: "jwk" });
    const stated = { ...other.export({ format: "jwk" }), d };
    const pem = createPrivateKey({ key: stated, format: "jwk" }).export({ type: "pkcs8", format: "pem" });
    const pair = other.export({ type: "pkcs8", format: "pem" }).toString() + pem.toString();
    expect((await failureOf(() => picked(pair, "private key"))).happened).toContain("2 private keys");
  });

  it("is refused where there are two", async () => {
    expect((await failureOf(() => picked(key + sec1, "private key"))).happened).toContain("2 private keys");
  });
});

/** With a checksum at its end (RFC 4880, section 6.1). */
const openPgp = (label: string) => `-----BEGIN PGP ${label}-----\n\nwcBMA3vN\n=Zm9v\n-----END PGP ${label}-----\n`;
/** Some members may stay in the clear; the recipients' blocks are at the end. */
const sopsFile = `kind: Secret
tls.key: ENC[AES256_GCM,data:zlGNmhTYX5xo,iv:ql9mkhoU1I64,tag:SqVSfu,type:str]
sops:
  pgp:
    - enc: |
        ${openPgp("MESSAGE").replaceAll("\n", "\n        ")}
`;

/** As Python's zipfile makes it: the content is not compressed. */
const storedZip = (content: string) =>
  Buffer.concat([Buffer.from("504b03041400000000000000210000000000", "hex"), Buffer.from(content)]);
const acmeJson = '{"letsencrypt": {"Account": {"Email": "a@example.com"}, "Certificates": [{"certificate": "LS0t"}]}}';

describe("what is missing is named by what is there", () => {
  run("pkcs12", "-export", "-in", "leaf.crt", "-inkey", "leaf.key", "-out", "leaf.pfx", "-passout", `pass:${PASS}`);
  const pfx = readFileSync(join(directory, "leaf.pfx"));
  const base64 = Buffer.from(leaf + key).toString("base64");
  const sm2Enveloped = sm2EnvelopedKey();
  const publicKey = createPublicKey(leaf).export({ type: "spki", format: "der" });
  const pkcs7 = (...form: readonly string[]) => run("crl2pkcs7", "-nocrl", "-certfile", "leaf.crt", ...form);
  it.each([
    ["a certificate for a key", leaf, "private key", "no private key, but CERTIFICATE"],
    ["a key for a certificate", key, "certificate", "no certificate, but PRIVATE KEY"],
    ["a CSR for a certificate", csr, "certificate", "but CERTIFICATE REQUEST"],
    ["PKCS#12", pfx, "private key", "PKCS#12"],
    ["PKCS#7", pkcs7(), "certificate", "PKCS#7"],
    ["PKCS#7 in DER", pkcs7("-outform", "der"), "certificate", "PKCS#7"],
    ["PKCS#7 under another label", pkcs7().toString().replaceAll("PKCS7", "CERTIFICATE"), "certificate", "PKCS#7"],
    ["a PKCS#12 file in base64", pfx.toString("base64"), "private key", "PKCS#12"],
    ["an SM2 enveloped key", sm2Enveloped, "private key", "SM2 enveloped key"],
    ["an SM2 enveloped key in base64", sm2Enveloped.toString("base64"), "private key", "SM2 enveloped key"],
    ...["SM2 ENVELOPED KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"].map(
      (label) =>
        [`an SM2 enveloped key as ${label}`, pemOf(label, sm2Enveloped), "private key", "SM2 enveloped key"] as const,
    ),
    ["an SM2 enveloped key of SM1", sm2EnvelopedKey("2a811ccf550166"), "private key", "SM2 enveloped key"],
    ["a public key in DER", publicKey, "private key", "but PUBLIC KEY"],
    ["a public key as a private one", pemOf("PRIVATE KEY", publicKey), "private key", "but PUBLIC KEY"],
    ["a file of SOPS", sopsFile, "private key", "encrypted with SOPS"],
    ["an inventory's secret", "$ANSIBLE_VAULT;1.1;AES256\n6137333364316333", "private key", "with Ansible Vault"],
    ["a locked repository's key", "\0GITCRYPT\0\u0001\u0002", "private key", "with git-crypt"],
    ["an OpenPGP message", openPgp("MESSAGE"), "private key", "encrypted with OpenPGP"],
    ["an OpenPGP key", openPgp("PRIVATE KEY BLOCK"), "private key", "another kind of block"],
    ["an ACME account's key", '{\n  "e": "AQAB", "kty": "RSA"}', "private key", "a JSON Web Key"],
    ["a ZIP of stored files", storedZip(chain + key), "certificate", "a compressed archive"],
    [
      "a ZIP of stored files in base64",
      storedZip(chain + key).toString("base64"),
      "private key",
      "a compressed archive",
    ],
    ["Traefik's store", acmeJson, "certificate", "Traefik's acme.json"],
    ...[
      `{"apiVersion":"v1","data":{"tls.crt":"${base64}","tls.key":"${base64}"},"kind":"Secret"}`,
      `{"tls.crt":"${base64}","tls.key":"${base64}"}`,
      `[{"data":{"tls.key":"${base64}"}}]`,
    ].map((json) => ["a Kubernetes Secret on one line", json, "private key", "a Kubernetes Secret"] as const),
    [
      "a Kubernetes SealedSecret on one line",
      `{"kind":"SealedSecret","spec":{"encryptedData":{"tls.crt":"${base64}"}}}`,
      "certificate",
      "SealedSecret",
    ],
    [
      "a sealed secret",
      "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n",
      "private key",
      "a Kubernetes SealedSecret",
    ],
    [
      "a git-lfs pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d\n",
      "private key",
      "a Git LFS pointer",
    ],
    [
      "a PVK file",
      run("rsa", "-in", "leaf.key", "-outform", "PVK", "-pvk-none"),
      "private key",
      "a Microsoft private key",
    ],
    ["an MSBLOB file", run("rsa", "-in", "leaf.key", "-outform", "MSBLOB"), "private key", "a Microsoft private key"],
    ["a page that was saved", "\n<!DOCTYPE html><html><body>404", "certificate", "a web page"],
    ["PKCS#7 after the leaf", leaf + pkcs7().toString(), "certificate", "PKCS#7, which is not supported here, beside"],
    ["anything", "root:x:0:0", "private key", "nothing that can be read"],
    ["an odd label", "-----BEGIN HUNTER2-----\nAAAA\n-----END HUNTER2-----", "csr", "another kind of block"],
  ] as const)("%s", async (_, given, content, why) => {
    const { happened, next } = await failureOf(() => picked(given, content));
    expect(happened).toContain(why);
    expect(happened + next).not.toMatch(/root:x|MII|HUNTER2/);
  });

  it("also OpenSSL's own kind of certificate is read", async () => {
    const trusted = run("x509", "-in", "leaf.crt", "-trustout", "-addtrust", "serverAuth", "-setalias", "shop");
    expect(trusted.toString()).toContain("BEGIN TRUSTED CERTIFICATE");
    expect(await picked(trusted, "certificate")).toBe(leaf);
  });

  it("and for PKCS#12 how to convert it", async () => {
    expect((await failureOf(() => picked(pfx, "private key"))).next).toContain("openssl pkcs12");
  });
});

describe("a password", () => {
  it.each([
    ["secret\n", "secret"],
    ["secret\r\n", "secret"],
    ["\ufeffsecret", "secret"],
    [" se cret ", " se cret "],
    ["пароль", "пароль"],
  ])("%j is %j", async (given, expected) => expect(await picked(given, "password")).toBe(expected));

  it.each(["", "\n", "a\nb", "x".repeat(1025), "a\u0000b", key, key.replaceAll("\n", " ")])(
    "is not %j",
    async (given) => {
      const { happened } = await failureOf(() => picked(given, "password"));
      expect(happened).toContain("it is not a password");
    },
  );

  it("is not a file of bytes", async () => {
    await expect(pickContent(Buffer.from([0x80, 0xff, 0x41]), "password")).rejects.toThrow(ToolError);
  });
});

describe("a letter", () => {
  const pdf = Buffer.from("%PDF-1.7 letter");
  it.each([pdf, Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from([0x89, 0x50, 0x4e, 0x47, 13])])(
    "is sent in base64",
    async (scan) => expect(await picked(scan, "letter")).toBe(scan.toString("base64")),
  );

  it("may be in base64 already", async () => {
    expect(
      await picked(crlf(`${pdf.toString("base64").slice(0, 8)}\n${pdf.toString("base64").slice(8)}\n`), "letter"),
    ).toBe(pdf.toString("base64"));
  });

  it("is no other file", async () => {
    expect((await failureOf(() => picked(key, "letter"))).happened).toContain("not a JPG, PNG or PDF");
  });
});

it("ends in text or in a failure, whatever it is given", () => {
  const pieces = fc.constantFrom(
    leaf,
    key,
    csr,
    "-----BEGIN ",
    "-----END CERTIFICATE-----",
    "\n",
    "0\u0082",
    encrypted,
  );
  const given = fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    fc.array(fc.oneof(pieces, fc.string()), { maxLength: 6 }).map((parts) => Buffer.from(parts.join(""))),
  );
  const content = fc.constantFrom("private key", "certificate", "csr", "password", "letter", "archive" as const);
  return fc.assert(
    fc.asyncProperty(given, content, async (bytes, wanted) => {
      try {
        expect(await pickContent(bytes, wanted)).not.toBe("");
      } catch (error) {
        expect(error).toBeInstanceOf(ToolError);
      }
    }),
  );
});
