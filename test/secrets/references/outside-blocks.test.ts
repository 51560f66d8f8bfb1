import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keysIn, pickContent } from "../../../src/secrets/references/pick-content.js";
import { failureOf, madeMaterial, openssl, write } from "./support.js";

const { leaf, intermediate, key, directory } = madeMaterial();
const PASS = "correct horse";
const chain = leaf + intermediate;

const run = (...args: readonly string[]) => openssl(directory, args);
const picked = (given: string | Uint8Array, content: Parameters<typeof pickContent>[1]) =>
  pickContent(Buffer.from(given), content);

const pkcs1 = run("rsa", "-in", "leaf.key", "-traditional").toString();
const encrypted = run("pkcs8", "-topk8", "-in", "leaf.key", "-v2", "aes256", "-passout", `pass:${PASS}`).toString();
const sec1 = run("ecparam", "-name", "prime256v1", "-genkey").toString();
run("crl2pkcs7", "-nocrl", "-certfile", "leaf.crt", "-certfile", "intermediate.crt", "-out", "chain.p7b");
const pkcs7 = readFileSync(join(directory, "chain.p7b"), "utf8");

const crlf = (text: string) => text.replaceAll("\n", "\r\n");
const base64 = (content: string | Buffer) => Buffer.from(content).toString("base64");
/** As certutil -encode makes it of a PEM file. */
const encodedOnceMore = (pem: string) =>
  `-----BEGIN CERTIFICATE-----\n${base64(pem).replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
const relabelled = (pem: string, label: string) => pem.replaceAll(/(BEGIN|END) [A-Z0-9 ]+-----/g, `$1 ${label}-----`);

describe("no part of a file is left out", () => {
  const bare = (width: number) =>
    intermediate.replaceAll(/-----.*-----\n|\n/g, "").replace(new RegExp(`.{${width}}`, "g"), "$&\n");
  const line = leaf.split("\n").length;
  const { raw: der } = new X509Certificate(intermediate);
  it.each([
    ["a certificate without its BEGIN line", leaf + bare(30), `line ${line} starts a block (CERTIFICATE)`],
    ["PEM in base64", `${leaf}${Buffer.from(intermediate).toString("base64")}\n`, `line ${line} is PEM in base64`],
    ["a key under the label of a certificate", leaf + relabelled(key, "CERTIFICATE"), "block 2 holds a private key"],
    ["an encrypted one", leaf + relabelled(encrypted, "X509 CERTIFICATE"), "block 2 holds a private key"],
    ["one that is to be trusted", leaf + relabelled(pkcs1, "TRUSTED CERTIFICATE"), "block 2 holds a private key"],
    ["a certificate under the label of a key", relabelled(leaf, "PRIVATE KEY"), "block 1 holds a certificate"],
    ["a key that was encoded once more", leaf + encodedOnceMore(key), "block 2 holds a private key"],
    ["a chain that was encoded once more", encodedOnceMore(chain), "block 1 holds PEM in base64 once more"],
    ["a certificate in columns", leaf + bare(12), `line ${line} starts a block (CERTIFICATE)`],
    ["one after a word, in a list", `${leaf}x5c: [${bare(2000).trim()}]`, `line ${line} starts a block (CERTIFICATE)`],
    ["DER in hex", leaf + der.toString("hex"), `line ${line} starts a block (CERTIFICATE)`],
    ["DER in hex with colons", leaf + der.toString("hex").replaceAll(/../g, "$&:"), `line ${line} starts a block`],
    ["PEM in hex", leaf + Buffer.from(intermediate).toString("hex"), `line ${line} is PEM in hexadecimal digits`],
    ["PEM as in a URL", leaf + encodeURIComponent(intermediate), `line ${line} is PEM in another encoding`],
    [
      "PEM as in a form",
      leaf + encodeURIComponent(intermediate).replaceAll("%20", "+"),
      `line ${line} is PEM in another`,
    ],
    ["a member in base64", `${leaf}\n  chain: ${base64(intermediate)}\n`, `line ${line + 1} is PEM in base64`],
    [
      "one that begins with a comment",
      `${leaf}chain: ${base64(`# CA\n${intermediate}`)}`,
      `line ${line} is PEM in base64`,
    ],
    [
      "one that begins with a blank line",
      `${leaf}chain: ${base64(`\n${intermediate}`)}`,
      `line ${line} is PEM in base64`,
    ],
  ])("%s", async (_, given, why) => {
    for (const content of ["certificate", "private key"] as const) {
      const { happened, next } = await failureOf(() => picked(given, content));
      expect(happened).toContain(why);
      expect(happened + next).not.toMatch(/MII|LS0t/);
    }
  });

  const wide = (text: string) => Buffer.from(crlf(text), "utf16le");
  const mark = Buffer.from([0xff, 0xfe]);
  it.each([
    ["UTF-16 after ASCII, as Windows PowerShell appends it", [Buffer.from(leaf), wide(intermediate)]],
    ["the same with a byte order mark", [Buffer.from(leaf), mark, wide(intermediate)]],
    ["ASCII after UTF-16", [mark, wide(leaf), Buffer.from(intermediate)]],
    ["bare base64 after UTF-16", [mark, wide(leaf), Buffer.from(bare(64))]],
    ["UTF-16, big end first, after the other", [mark, wide(leaf), wide(intermediate).swap16()]],
    ["a NUL between two blocks", [Buffer.from(`${leaf}\0${intermediate}`)]],
  ])("%s", async (_, parts) => {
    for (const form of [Buffer.concat(parts), base64(Buffer.concat(parts))]) {
      const { happened } = await failureOf(() => picked(form, "certificate"));
      expect(happened).toContain(`from line ${line} on the file is in another encoding`);
    }
  });

  it.each(["CMS", "CHAIN", "PGP MESSAGE"])("a block %s beside a certificate", async (label) => {
    const content = label === "CMS" ? pkcs7 : "-----BEGIN CHAIN-----\nwcBMA3vN\n-----END CHAIN-----\n";
    const { happened, next } = await failureOf(() => picked(leaf + relabelled(content, label), "certificate"));
    expect(happened + next).toMatch(/beside a certificate|block 2 is of a kind that is not known here/);
  });

  it("and CMS is converted by the command that the error names", async () => {
    write(directory, "chain.cms", relabelled(pkcs7, "CMS"));
    const { next = "" } = await failureOf(() => picked(relabelled(pkcs7, "CMS"), "certificate"));
    const command = /^Convert it: (.+)\. Then name chain\.pem\.$/.exec(next)?.[1]?.replace("FILE", "chain.cms") ?? "";
    execFileSync("sh", ["-c", command], { cwd: directory });
    expect(await picked(readFileSync(join(directory, "chain.pem")), "certificate")).toBe(chain);
  });

  const beside: readonly (readonly [string, string])[] = [
    ["a dump of OpenSSL", run("x509", "-in", "leaf.crt", "-text").toString() + intermediate],
    ["the dump of a key", run("rsa", "-in", "leaf.key", "-text", "-noout").toString() + chain],
    ["the structure of the certificate", run("asn1parse", "-in", "leaf.crt").toString() + chain],
    ["fingerprints and a modulus", run("x509", "-in", "leaf.crt", "-noout", "-modulus", "-fingerprint") + chain],
    ["the certificates of PKCS#7, with dumps", run("pkcs7", "-in", "chain.p7b", "-print_certs", "-text").toString()],
    ["bag attributes", `Bag Attributes\n    localKeyID: 30 82 03 3C A0 03 02 01 02 11 54 69 6D 65 20 31 36\n${chain}`],
    [
      "the other members of a manifest",
      JSON.stringify({
        cert: chain,
        publicKey: new X509Certificate(leaf).publicKey.export({ type: "spki", format: "der" }).toString("base64"),
        pin: Buffer.alloc(32, 48).toString("base64"),
        checksum: Buffer.alloc(32, 48).toString("hex"),
        token: `eyJhbGciOiJSUzI1NiJ9.${base64(JSON.stringify({ sub: "x".repeat(90) }))}.c2ln`,
        logo: Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256)).toString("base64"),
      }),
    ],
    [
      "a public key, its parameters and an SSH key",
      `${sec1.split("-----BEGIN EC PRIVATE")[0]}ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDJ me\n${run("rsa", "-in", "leaf.key", "-pubout")}${chain}`,
    ],
    ["NULs and Ctrl-Z at the end", `${chain}\u001a\0\0\0\0`],
    ["comments in GBK", Buffer.concat([Buffer.from("23d6a4cae90a", "hex"), Buffer.from(chain)]).toString("latin1")],
  ];
  it.each(beside)("but for what stands beside one: %s", async (_, given) => {
    expect(await picked(Buffer.from(given, "latin1"), "certificate")).toBe(chain);
  });

  it("and is searched in one pass, also a text that promises much", async () => {
    for (const text of ["MIIC", "30823082", "%2525", "\\\\", "\0", "\0a", "LS0tLS1CRUdJT", "----- BEGIN+"])
      await failureOf(() => picked(text.repeat(131_072 / text.length), "certificate"));
  });

  it("and a key under another label is masked", () => {
    for (const form of [relabelled(key, "CERTIFICATE"), encodedOnceMore(key)])
      expect(keysIn(Buffer.from(form))).toEqual([key]);
  });
});
