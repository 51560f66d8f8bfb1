import { X509Certificate } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { limits } from "../../src/catalogue/limits.js";
import { type ParsedCertificate, parseCertificate } from "../../src/certificates/certificate.js";
import { buildChain, effectiveEnd, neededPositions } from "../../src/certificates/chain.js";
import { MAX_MESSAGE_LENGTH } from "../../src/mcp/read-message.js";
import { type Assistant, startAssistant, textOf } from "../support/assistant.js";
import { encryptedKey, number, pemOf, ringOf, slowKey, tlv } from "../support/hostile-material.js";

/** One message must not hold up the others: each is held against a limit before any work on it. */

const folder = mkdtempSync(join(tmpdir(), "cloudcert-bounds-"));
const written = (name: string, text: string) => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return `file:${name}`;
};

let assistant: Assistant;
beforeAll(async () => {
  assistant = await startAssistant(["--sandbox", "--files", folder, "--approval-wait", "1"], { person: null });
});
afterAll(() => assistant.close());

const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example.com`);
const csr = {
  ...{ Domain: "a.example.com", Organization: "x", Department: "x", Email: "a@example.com", Province: "x" },
  ...{ City: "x", Country: "US", EncryptAlgo: "ECC", KeyParameter: "prime256v1", Generate: true },
};
const deploy = (...targets: readonly Record<string, unknown>[]) => ({ certificate_id: "AAAAAAAA", targets });
const certificate = (text: string) => ({ certificate: text });
const tooLong = new RegExp(`The message is longer than ${MAX_MESSAGE_LENGTH} bytes\\. Nothing was done\\.`);
const deep = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

describe("a call that is too large is refused with the limit, before anything is done with it", () => {
  it.each<[string, string, Record<string, unknown>, RegExp]>([
    [
      "1,000 hosts",
      "ModifyHostsCertificate",
      { ZoneId: "zone-sandboxdemo", Hosts: hosts(1_000), Mode: "disable" },
      /Hosts has 1000 items; at most 300 are taken in one call/,
    ],
    [
      "10,000 domains",
      "deploy_certificate",
      deploy({ service: "alibaba-cdn", domains: hosts(10_000) }),
      /at most 100 are taken in one call/,
    ],
    [
      "50 targets of 3 domains each",
      "deploy_certificate",
      deploy(...hosts(50).map((host) => ({ service: "alibaba-cdn", domains: [host, `a.${host}`, `b.${host}`] }))),
      /150 targets were named or found .*; one job takes at most 100/,
    ],
    ["3 MB in a code", "explain_error", { code: "code ".repeat(600_000) }, /at most 4096 are taken/],
    [
      "3 MB in a remark",
      "ModifyCertificateAlias",
      { CertificateId: "AAAAAAAA", Alias: "%41".repeat(1_000_000) },
      /at most 4096 are taken/,
    ],
    [
      "3 MB in PEM",
      "inspect_certificate",
      certificate(`-----BEGIN CERTIFICATE-----\n${"A".repeat(3_000_000)}`),
      /at most 65536 are taken/,
    ],
    [
      "100,000 BEGIN lines",
      "inspect_certificate",
      certificate("-----BEGIN CERTIFICATE-----\n".repeat(100_000)),
      /at most 65536 are taken/,
    ],
    ["a domain of 2 MB", "check_served_certificate", { domains: ["ü".repeat(1_000_000)] }, /at most 4096 are taken/],
    [
      "15,000 unknown members",
      "list_vault",
      Object.fromEntries(hosts(15_000).map((host) => [host, 1])),
      /more than 2000 values/,
    ],
    ["30 levels", "list_vault", { a: deep(30) }, /nested more than 16 levels deep/],
    // Siblings.
    [
      "a CSR of 200 KB",
      "ReplaceCertificate",
      {
        CertificateId: "AAAAAAAA",
        ValidType: "DNS",
        CsrType: "Upload",
        CsrContent: `-----BEGIN CERTIFICATE REQUEST-----\n${"A".repeat(200_000)}`,
      },
      /CsrContent has 200036 characters/,
    ],
    [
      "a letter of 3 MB",
      "UploadConfirmLetter",
      { CertificateId: "AAAAAAAA", ConfirmLetter: "A".repeat(3_000_000) },
      /at most 2000000 are taken/,
    ],
    [
      "5,000 tags",
      "CreateCSR",
      { ...csr, Tags: hosts(5_000).map((TagKey) => ({ TagKey, TagValue: "x" })) },
      /Tags has 5000 items; at most 100/,
    ],
    [
      "200 ids in a project's list",
      "ModifyCertificateProject",
      { CertificateIdList: hosts(200), ProjectId: 0 },
      /at most 100 are taken/,
    ],
    [
      "a member with a name of 100 KB",
      "list_vault",
      { ["n".repeat(100_000)]: 1 },
      /a member whose name has 100000 characters/,
    ],
    [
      "5,000 domains to be covered",
      "inspect_certificate",
      { certificate: "x", domains: hosts(5_000) },
      /domains has 5000 items/,
    ],
    [
      "101 domains of a thousand letters outside ASCII",
      "inspect_certificate",
      { certificate: "x", domains: hosts(101).map((host) => "ü".repeat(1_000) + host) },
      /at most 100 are taken/,
    ],
  ])("%s", async (_, tool, args, says) => {
    const reply = await assistant.call(tool, args);
    expect(reply.isError).toBe(true);
    expect(textOf(reply)).toMatch(says);
    expect(textOf(reply)).toMatch(/Nothing was changed\.\nNext: /);
    expect(textOf(reply).length).toBeLessThan(1_000);
  });

  it.each<[string, string, Record<string, unknown>, RegExp]>([
    ["5 MB in a code", "explain_error", { code: "code ".repeat(1_000_000) }, tooLong],
    [
      "5 MB in a remark",
      "ModifyCertificateAlias",
      { CertificateId: "AAAAAAAA", Alias: "%41".repeat(1_700_000) },
      tooLong,
    ],
    [
      "5 MB in PEM",
      "inspect_certificate",
      certificate(`-----BEGIN CERTIFICATE-----\n${"A".repeat(5_000_000)}`),
      tooLong,
    ],
    [
      "180,000 BEGIN lines",
      "inspect_certificate",
      certificate("-----BEGIN CERTIFICATE-----\n".repeat(180_000)),
      tooLong,
    ],
    [
      "100,000 unknown members",
      "list_vault",
      Object.fromEntries(hosts(100_000).map((host) => [host, 1])),
      /The message holds more than 20000 values\. Nothing was done\./,
    ],
  ])("%s: the protocol refuses it before the tool sees it", async (_, tool, args, says) => {
    const refusal: unknown = await assistant.call(tool, args).catch((error: unknown) => error);
    if (!(refusal instanceof McpError)) throw new Error("it was not refused by the protocol");
    expect(refusal.code).toBe(ErrorCode.InvalidRequest);
    expect(refusal.message).toMatch(says);
    expect(refusal.message.length).toBeLessThan(200);
    // The server goes on.
    await assistant.result("list_vault");
  });

  it("300 hosts are taken, and a letter of 1.4 MB", async () => {
    const Hosts = hosts(300);
    const asked = await assistant.call("ModifyHostsCertificate", {
      ZoneId: "zone-sandboxdemo",
      Hosts,
      Mode: "disable",
    });
    expect(textOf(asked)).not.toMatch(/at most/);
    const letter = Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(1_400_000)]).toString("base64");
    const sent = await assistant.call("UploadConfirmLetter", { CertificateId: "AAAAAAAA", ConfirmLetter: letter });
    expect(textOf(sent)).not.toMatch(/at most/);
  });

  it("names of a thousand letters outside ASCII are no names, and are not spelled in ASCII", async () => {
    const domains = hosts(20).map((host) => "ü".repeat(1_000) + host);
    const { certificates } = ringOf(1, "prime256v1");
    const said = await assistant.failure("inspect_certificate", {
      certificate: certificates.map((der) => pemOf(der)).join(""),
      domains,
    });
    expect(said).toMatch(/domains\.0: "ü+… \(\d+ characters\)" is no domain name/);
    expect(said).toMatch(/Nothing was changed\.\nNext: /);
    expect(said).not.toMatch(/xn--/i);
    // However many and long the names are.
    expect(said.length).toBeLessThan(3_000);
  });

  it("what is completed and read as a resource has a length too", async () => {
    const ref = { type: "ref/resource", uri: "cloudcert://certificates/{id}" } as const;
    const { completion } = await assistant.client.complete({
      ref,
      argument: { name: "id", value: "A".repeat(100_000) },
    });
    expect(completion.values).toEqual([]);
    const uri = `cloudcert://certificates/${"%41".repeat(100_000)}`;
    await expect(assistant.client.readResource({ uri })).rejects.toThrow(/no such resource/);
  });
});

describe("a chain", () => {
  it.each([11, 60])("of %i certificates is refused, and none is parsed", async (count) => {
    const chain = ringOf(count, "prime256v1")
      .certificates.map((der) => pemOf(der))
      .join("");
    const said = await assistant.failure("inspect_certificate", { certificate: chain });
    expect(said).toContain(`it holds ${count} certificates; at most 10 are taken`);
  });

  it("takes few signatures to follow, however the certificates name each other", () => {
    const read = ringOf(10, "prime256v1").certificates.map((der) => parseCertificate(der));
    const [leaf, ...rest] = read.filter((each) => each !== undefined);
    if (leaf === undefined) throw new Error("no certificate");
    const { chain } = limits;
    for (const verdict of [true, false]) {
      const bundle: [ParsedCertificate, ...ParsedCertificate[]] = [leaf, ...rest];
      const checks = vi.spyOn(X509Certificate.prototype, "verify").mockReturnValue(verdict);
      onTestFinished(() => checks.mockRestore());
      expect(buildChain(bundle).path).toHaveLength(10);
      // All ways up are looked for, and with each certificate left out.
      expect(effectiveEnd(bundle)).toBeInstanceOf(Date);
      expect(neededPositions(bundle, new Date()).size).toBeGreaterThan(0);
      expect(checks).toHaveBeenCalled();
      expect(checks.mock.calls.length).toBeLessThanOrEqual(chain.certificates * (chain.issuersTried + 1));
      checks.mockRestore();
    }
  });

  it.each(["sect571r1", "sect409k1"])("of keys on %s is told as not checked, and is not", async (curve) => {
    const { certificates } = ringOf(8, curve);
    const [leaf, ...rest] = certificates.flatMap((der) => parseCertificate(der) ?? []);
    if (leaf === undefined) throw new Error("no certificate");
    const checks = vi.spyOn(X509Certificate.prototype, "verify");
    onTestFinished(() => checks.mockRestore());
    expect(buildChain([leaf, ...rest]).unchecked).not.toEqual([]);
    expect(checks).not.toHaveBeenCalled();
    const reply = await assistant.result("inspect_certificate", {
      certificate: certificates.map((der) => pemOf(der)).join(""),
    });
    expect(JSON.stringify(reply.findings)).toContain("signatures by it were not checked");
  });

  it("holds a certificate of 100 KB, or with an extension of 1 MB, which is not parsed", async () => {
    const large = pemOf(tlv(0x30, Buffer.alloc(40_000, 0x30)));
    expect(await assistant.failure("inspect_certificate", certificate(written("large.pem", large.repeat(4))))).toMatch(
      /at most 131072 are read/,
    );
    const [der = Buffer.alloc(0)] = ringOf(1, "prime256v1").certificates;
    expect(new X509Certificate(der).ca).toBe(true);
    const reply = await assistant.call("inspect_certificate", certificate(written("middling.pem", large)));
    expect(textOf(reply)).toMatch(/does not parse/);
  });
});

describe("a private key", () => {
  const fits = async (reference: string) => {
    const [der = Buffer.alloc(0)] = ringOf(1, "prime256v1").certificates;
    return textOf(await assistant.call("inspect_certificate", { certificate: pemOf(der), private_key: reference }));
  };
  it.each<[string, () => string, RegExp]>([
    ["of DSA, whose public half takes a second to work out", slowKey, /neither an RSA nor an elliptic curve key/],
    [
      "that takes ten million rounds of PBKDF2 to open",
      () => encryptedKey(number(10_000_000)),
      new RegExp(`10000000 rounds of PBKDF2; at most ${limits.key.iterations} `),
    ],
    [
      "that takes scrypt with a parallelism of a million",
      () => encryptedKey([number(16_384), number(8), number(1_000_000)]),
      /rounds of scrypt/,
    ],
    ["of 20 KB", () => pemOf(tlv(0x30, Buffer.alloc(20_000)), "RSA PRIVATE KEY"), /at most 8192 are read/],
    [
      "of DSA in its own form",
      () => pemOf(tlv(0x30, Buffer.alloc(100)), "DSA PRIVATE KEY"),
      /neither an RSA nor an elliptic curve key/,
    ],
  ])("%s is not given to OpenSSL", async (_, make, says) => {
    const reference = written("site.key", make());
    const password = written("password", "correct horse");
    expect(await fits(`${reference};password=${password}`)).toMatch(says);
  });
});
