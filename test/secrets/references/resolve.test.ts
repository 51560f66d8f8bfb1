import { createPrivateKey, randomBytes } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setCdnDomainSSLCertificate } from "../../../src/catalogue/alibaba-edges.js";
import { updateDomainHttpsCert } from "../../../src/catalogue/huawei-live/update-domain-https-cert.js";
import { createCSR } from "../../../src/catalogue/tencent-ssl/create-csr.js";
import { downloadCertificate } from "../../../src/catalogue/tencent-ssl/download-certificate.js";
import { replaceCertificate } from "../../../src/catalogue/tencent-ssl/replace-certificate.js";
import { uploadCertificate } from "../../../src/catalogue/tencent-ssl/upload-certificate.js";
import { uploadConfirmLetter } from "../../../src/catalogue/tencent-ssl/upload-confirm-letter.js";
import { storeSecrets } from "../../../src/secrets/vault/store-secrets.js";
import { Vault } from "../../../src/secrets/vault/vault.js";
import { archiveOf, entryOf } from "../vault/support.js";
import { failureOf, madeMaterial, openssl, references, write } from "./support.js";

const made = madeMaterial();
const { directory, leaf, intermediate, key, csr } = made;
const PASS = "correct horse";
const chain = leaf + intermediate;
const encrypted = openssl(directory, ["pkcs8", "-topk8", "-in", "leaf.key", "-passout", `pass:${PASS}`]).toString();
write(directory, "all.pem", `\ufeff${(key + chain).replaceAll("\n", "\r\n")}`);
write(directory, "encrypted.key", encrypted);
write(directory, "open.key", key, 0o644);
write(directory, "pass.txt", `${PASS}\n`);
const pdf = Buffer.concat([Buffer.from("%PDF-1.7"), Buffer.alloc(1024 * 1024 + 10)]);
write(directory, "letter.pdf", pdf);

const env = { CLOUDKEY_PASS: PASS, CLOUDKEY_PEM: key.replaceAll("\n", "\\n"), HOME: "/root" };
const options = { directories: [directory], envPrefix: "CLOUDKEY_", env };
const resolving = references(options);
const upload = (params: Record<string, unknown>, by = resolving) =>
  by.resolve(uploadCertificate, { CertificatePublicKey: "file:all.pem", ...params });

describe("references in", () => {
  it("takes certificate and key from one file", async () => {
    const { params, sources, secrets, notes } = await upload({
      CertificatePrivateKey: "file:all.pem",
      Alias: "file:x",
    });
    expect(params).toEqual({ CertificatePublicKey: chain, CertificatePrivateKey: key, Alias: "file:x" });
    const source = `file:${join(directory, "all.pem")}`;
    expect([...sources]).toEqual([
      ["CertificatePublicKey", source],
      ["CertificatePrivateKey", source],
    ]);
    expect(secrets).toEqual([key]);
    expect(notes).toEqual([]);
  });

  it("takes a key from a variable, and a CSR and a letter from files", async () => {
    expect((await upload({ CertificatePrivateKey: "env:CLOUDKEY_PEM" })).params.CertificatePrivateKey).toBe(key);
    const reissue = {
      CertificateId: "a",
      ValidType: "DNS",
      CsrContent: "file:leaf.csr",
      CsrkeyPassword: "file:pass.txt",
    };
    const { params, secrets } = await resolving.resolve(replaceCertificate, reissue);
    expect(params).toEqual({ ...reissue, CsrContent: csr, CsrkeyPassword: PASS });
    expect(secrets).toEqual([]);
    const letter = { CertificateId: "a", ConfirmLetter: "file:letter.pdf" };
    const resolved = await resolving.resolve(uploadConfirmLetter, letter);
    expect(resolved.params.ConfirmLetter).toBe(pdf.toString("base64"));
  });

  it("leaves the arguments that were given as they are", async () => {
    const given = {
      project_id: "p",
      domain: "d",
      tls_certificate: { source: "user", certificate_key: "file:leaf.key" },
    };
    const copy = structuredClone(given);
    const { params, sources } = await resolving.resolve(updateDomainHttpsCert, given);
    expect(given).toEqual(copy);
    expect(params).toEqual({ ...given, tls_certificate: { source: "user", certificate_key: key } });
    expect([...sources.keys()]).toEqual(["tls_certificate.certificate_key"]);
  });

  it.each(["env:CLOUDKEY_PASS", "file:pass.txt"])("opens an encrypted key with %s", async (password) => {
    const { params, secrets } = await upload({ CertificatePrivateKey: `file:encrypted.key;password=${password}` });
    const opened = String(params.CertificatePrivateKey);
    expect(createPrivateKey(opened).equals(createPrivateKey(key))).toBe(true);
    expect(secrets).toEqual(expect.arrayContaining([encrypted, opened]));
    // Nothing that can be guessed is ever looked for in a text.
    expect(secrets).not.toContain(PASS);
  });

  it("leaves it encrypted where the cloud is given the password", async () => {
    const given = { CertificatePrivateKey: "file:encrypted.key", KeyPassword: "env:CLOUDKEY_PASS" };
    expect((await upload(given)).params).toMatchObject({ CertificatePrivateKey: encrypted, KeyPassword: PASS });
  });

  it("says that others can read a key file, but not so of a certificate", async () => {
    const { notes } = await upload({ CertificatePrivateKey: "file:open.key" });
    expect(notes.map(String)).toEqual([
      `Other users of its machine can read "file:${join(directory, "open.key")}": restrict it, as with chmod 600.`,
    ]);
    write(directory, "open.crt", leaf, 0o644);
    expect((await upload({ CertificatePublicKey: "file:open.crt" })).notes).toEqual([]);
  });

  it("takes public text as it stands, and none that is damaged", async () => {
    const { params, sources } = await upload({ CertificatePublicKey: chain.replaceAll("\n", "\r\n") });
    expect([params.CertificatePublicKey, sources.get("CertificatePublicKey")]).toEqual([chain, "inline"]);
    const damaged = await failureOf(() => upload({ CertificatePublicKey: "-----BEGIN CERTIFICATE-----" }));
    expect(damaged.happened).toContain("CertificatePublicKey: block 1 (line 1) is damaged: its END line is missing");
  });

  it("passes over what is empty or no text", async () => {
    const given = { CertificatePublicKey: "", CertificatePrivateKey: 7, KeyPassword: null };
    expect((await resolving.resolve(uploadCertificate, given)).params).toEqual(given);
  });
});

describe("a secret as text", () => {
  it.each([
    ["CertificatePrivateKey", key],
    ["CertificatePrivateKey", key.split("\n").slice(1, -2).join("")],
    ["CertificatePrivateKey", key.split("\n")[3] ?? ""],
    ["CertificatePrivateKey", `/${randomBytes(32).toString("base64url")}`],
    ["CertificatePrivateKey", randomBytes(32).toString("hex")],
    ["CertificatePrivateKey", [...randomBytes(120)].join(" ")],
    ["CertificatePrivateKey", JSON.stringify({ kty: "EC", d: randomBytes(32).toString("base64url") })],
    ["KeyPassword", "hunter2"],
    ["CertificatePublicKey", chain + key],
    ["CertificatePublicKey", chain + key.replaceAll("PRIVATE KEY", "CERTIFICATE")],
    ["CertificatePublicKey", Buffer.from(key).toString("base64")],
  ])("in %s is refused with a reply that says how to pass it", async (name, text) => {
    const { kind, changed, happened, next } = await failureOf(() => upload({ [name]: text }));
    expect([kind, changed]).toEqual(["input", "no"]);
    expect(happened).toMatch(new RegExp(`^${name}: a (private key|password) was given as text`));
    expect(next).toContain(`file:PATH below ${directory}, or env:NAME with a name that begins with CLOUDKEY_`);
    expect(happened + next).not.toMatch(/MII|hunter2|not even|allow-inline/);
  });

  it.each([
    "/tmp/clients/www.example.com/key.pem",
    "/etc/letsencrypt/live/www.example.com-0001/privkey.pem",
    "~/certs/site.key",
    "./site.key",
    "key.pem",
    "@key.pem",
    "C:\\certs\\site.key",
  ])("that is a path is not called exposed, and what to write is said: %s", async (text) => {
    const { kind, changed, happened, next } = await failureOf(() => upload({ CertificatePrivateKey: text }));
    expect([kind, changed]).toEqual(["input", "no"]);
    expect(happened).toBe("CertificatePrivateKey: it looks like the path of a file, without file: before it.");
    expect(next).toContain(
      `Write ${JSON.stringify(`file:${text.replace("@", "")}`)}. Pass file:PATH below ${directory}`,
    );
    expect(happened + next).not.toMatch(/exposed|given as text/);
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as callers write variables
    "${TLS_KEY}",
    "$TLS_KEY",
    "<your key>",
    "{{ private_key }}",
    "none",
    "null",
    "REDACTED",
    "not even a key",
    "***",
  ])("that is a placeholder is not called exposed: %s", async (text) => {
    const { happened, next } = await failureOf(() => upload({ CertificatePrivateKey: text }));
    expect(happened).toMatch(/^CertificatePrivateKey: it is not a reference to a private key/);
    expect(next).toContain("Pass file:PATH below");
    expect(happened + next).not.toMatch(/exposed|given as text/);
    expect(happened + next).not.toContain(text);
  });

  it("is refused with what the operator could set up, where nothing is", async () => {
    const { next } = await failureOf(() =>
      upload({ CertificatePublicKey: leaf, KeyPassword: "hunter2" }, references()),
    );
    expect(next).toContain("--files DIR");
    expect(next).toContain("prefix");
  });

  it("is refused to people elsewhere without advice that this server would not take", async () => {
    const by = references({ remoteCallers: true });
    const advice = [
      await failureOf(() => upload({ CertificatePublicKey: leaf, KeyPassword: "hunter2" }, by)),
      await failureOf(() => upload({ CertificatePublicKey: "file:/etc/hostname" }, by)),
      await failureOf(() => upload({ CertificatePublicKey: "env:HOME" }, by)),
    ];
    for (const { next } of advice) {
      expect(next).toContain("vault:");
      expect(next).toContain("the team's page");
      expect(next).not.toMatch(/file:|env:|--files|prefix/);
    }
  });

  it("is taken where the operator allows it, and the reply says where it is now", async () => {
    const by = references({ ...options, allowInlineSecrets: true });
    const { params, secrets, sources, notes } = await upload({ CertificatePrivateKey: ` ${key}` }, by);
    expect(params.CertificatePrivateKey).toBe(key);
    expect(secrets).toEqual(expect.arrayContaining([` ${key}`, key]));
    expect(sources.get("CertificatePrivateKey")).toBe("inline");
    expect(notes.join()).toContain("is in the conversation now");
  });
});

describe("what does not fit", () => {
  const vault = new Vault();
  const heldKey = vault.keep(entryOf("private key", key));
  const heldPassword = vault.keep(entryOf("password", PASS));
  const by = references({ ...options, vault });

  it.each([
    ["CertificatePublicKey", "site.pem", "it looks like the path of a file, without file: before it"],
    ["CertificatePublicKey", "none", "neither a reference nor a certificate in PEM"],
    ["CertificatePublicKey", "file:leaf.csr", "holds no certificate, but CERTIFICATE REQUEST"],
    ["CertificatePublicKey", "file:all.pem;password=env:CLOUDKEY_PASS", "only a private key has a password"],
    ["CertificatePublicKey", heldKey, "it is a private key, but a certificate is expected"],
    ["CertificatePrivateKey", "file:leaf.crt", "holds no private key, but CERTIFICATE"],
    ["CertificatePrivateKey", "file:letter.pdf", "at most 131072 are read"],
    ["CertificatePrivateKey", "file:../x", "outside the directories"],
    ["CertificatePrivateKey", "env:HOME", "may not be read"],
    ["CertificatePrivateKey", "file:encrypted.key", "no password was named"],
    ["CertificatePrivateKey", "file:encrypted.key;password=file:leaf.crt", "it is not a password"],
    ["CertificatePrivateKey", heldPassword, "it is a password, but a private key is expected"],
    ["CertificatePrivateKey", `${heldKey}#leaf`, "has no parts"],
    ["CertificatePrivateKey", "vault:AAAAAAAAAAAAAAAAAAAAAA", "nothing is in the vault"],
    ["KeyPassword", heldKey, "it is a private key, but a password is expected"],
    ["KeyPassword", "file:leaf.key", "it is not a password"],
  ])("%s as %s is refused", async (name, value, why) => {
    const { kind, happened, next } = await failureOf(() => upload({ [name]: value }, by));
    expect(kind).toBe("input");
    expect(happened).toMatch(new RegExp(`^${name}: `));
    expect(happened).toContain(why);
    expect(happened + next).not.toMatch(/MII|correct horse/);
  });

  it("is refused where it is longer than the API takes", async () => {
    write(directory, "long.pem", leaf + Array.from({ length: 9 }, (_, at) => differing(at)).join(""));
    const given = { project_id: "p", domain: "d", tls_certificate: { certificate: "file:long.pem" } };
    const { happened } = await failureOf(() => resolving.resolve(updateDomainHttpsCert, given));
    expect(happened).toBe("tls_certificate.certificate: it is too long: at most 12288 characters are taken.");
  });

  it("is a file below a directory that was not there at the start", async () => {
    const without = references({ directories: ["/no/such/place"] });
    const { kind, happened, next } = await failureOf(() => without.resolve(createCSR, { KeyPassword: "file:x" }));
    expect(kind).toBe("input");
    expect(happened).toBe("KeyPassword: no file can be read here: /no/such/place does not exist (--files).");
    expect(next).toContain("ask the operator");
  });
});

it("never shows a secret that was given, whatever is around it", async () => {
  const surrounded = fc
    .tuple(fc.string(), fc.constantFrom("hunter2-hunter2", key), fc.string())
    .map((parts) => parts.join(""));
  const prefixed = fc.tuple(fc.constantFrom("", "file:", "env:", "vault:", "file:all.pem;password="), surrounded);
  await fc.assert(
    fc.asyncProperty(prefixed, async ([prefix, text]) => {
      const given = { Domain: "d", KeyPassword: prefix + text };
      const { happened, next } = await failureOf(() => resolving.resolve(createCSR, given));
      // A path is repeated, so that the caller sees what was looked for.
      if (prefix !== "file:") expect(happened + next).not.toContain("hunter2");
      expect(happened + next).not.toContain(key.slice(40, 80));
    }),
  );
});

describe("a key travels", () => {
  it("from DownloadCertificate through the vault to SetCdnDomainSSLCertificate, unseen", async () => {
    const vault = new Vault();
    const names = new Set(["Content"]);
    const download = { Content: archiveOf(made), ContentType: "application/zip" };
    const kept = storeSecrets(downloadCertificate, download, vault, { names, owner: "abcd1234" });
    const reference = String(kept.result.Content);
    expect(JSON.stringify([kept.result, kept.notes, vault.list()])).not.toMatch(/MII|PRIVATE KEY/);

    const set = { DomainName: "img.example.com", SSLProtocol: "on" };
    const by = references({ vault });
    const whole = await by.resolve(setCdnDomainSSLCertificate, { ...set, SSLPub: reference, SSLPri: reference });
    expect(whole.params).toEqual({ ...set, SSLPub: chain, SSLPri: key });
    expect(whole.secrets).toEqual([key]);
    expect(whole.sources.get("SSLPri")).toBe(reference);

    const parts = { ...set, SSLPub: `${reference}#leaf`, SSLPri: `${reference}#key` };
    expect((await by.resolve(setCdnDomainSSLCertificate, parts)).params).toEqual({ ...set, SSLPub: leaf, SSLPri: key });
    const wrong = { ...set, SSLPub: `${reference}#key`, SSLPri: `${reference}#key` };
    expect((await failureOf(() => by.resolve(setCdnDomainSSLCertificate, wrong))).happened).toContain(
      "holds no certificate",
    );
  });
});

/** A block that differs from the others, about as long as a certificate. */
function differing(at: number): string {
  const body = Buffer.alloc(900, at + 1).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
