import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { getMcpConfigForManifest, MANIFEST_SCHEMAS, unpackExtension } from "@anthropic-ai/mcpb";
import { beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { type Start, tryOut } from "./support.js";

const work = mkdtempSync(join(tmpdir(), "cloudcert-bundle-test-"));
const unpacked = join(work, "unpacked");
const manifest = () => MANIFEST_SCHEMAS["0.3"].parse(JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8")));

type Filled = Parameters<typeof getMcpConfigForManifest>[0]["userConfig"];

/** What a host makes of the manifest and of what a person filled in, by the code that hosts use. */
async function started(userConfig: Filled, given = manifest()): Promise<Start> {
  const start = await getMcpConfigForManifest({
    manifest: given,
    extensionPath: unpacked,
    systemDirs: {},
    userConfig,
    pathSeparator: sep,
  });
  if (start === undefined) throw new Error("the host does not start it");
  return start;
}

beforeAll(async () => {
  const file = join(work, "bundle.mcpb");
  const script = fileURLToPath(new URL("../../scripts/bundle.js", import.meta.url));
  execFileSync(process.execPath, [script, file], { stdio: "pipe" });
  await unpackExtension({ mcpbPath: file, outputDir: unpacked, silent: true });
});

describe("the MCPB bundle", () => {
  it("holds the program, the manifest, and what is read about them", () => {
    expect(readdirSync(unpacked).filter((name) => name !== "node_modules" && !name.startsWith("README"))).toEqual([
      "LICENSE",
      "dist",
      "manifest.json",
      "package.json",
      "start.js",
    ]);
  });

  it("works on the sandbox where a person filled in nothing", async () => {
    const { tools, failed, text } = await tryOut(await started({}), "DescribeCertificates", { Limit: 1 });
    expect(tools).toEqual(expect.arrayContaining(manifest().tools?.map(({ name }) => name) ?? []));
    expect(failed, text).toBe(false);
    expect(text).toContain("CertificateId");
  });

  it("offers what the keys and switches allow that a person filled in", async () => {
    const filled = {
      ...{ sandbox: false, read_only: true, approval: "page", tencent_site: "mainland" },
      ...{ tencent_secret_id: "an-id", tencent_secret_key: "a-key" },
    };
    const { tools } = await tryOut(await started(filled), "list_vault");
    expect(tools).toContain("DescribeCertificates");
    expect(tools).not.toContain("DeleteCertificate");
    expect(tools).not.toContain("SetCdnDomainSSLCertificate");
  });

  it("reads files below each of the directories that a person chose", async () => {
    const files = ["one", "the other"].map((name) => join(work, name));
    const now = new Date();
    const { certificatePem } = await (await CertificateAuthority.create(now)).issue({
      names: ["example.com"],
      notBefore: now,
      notAfter: new Date(now.getTime() + 24 * 3600_000),
      key: "EC-P256",
    });
    for (const folder of files) {
      mkdirSync(folder);
      writeFileSync(join(folder, "site.crt"), certificatePem);
    }
    for (const folder of files) {
      const reference = { certificate: `file:${join(folder, "site.crt")}` };
      const start = await started({ files });
      const { failed, text } = await tryOut(start, "inspect_certificate", reference);
      expect(failed, text).toBe(false);
      expect(text).toContain("example.com");
    }
  });

  it("starts under a host that leaves placeholders of what was not filled in", async () => {
    const { user_config: options = {}, ...rest } = manifest();
    const withoutDefaults = Object.entries(options).map(([key, { default: _, ...option }]) => [key, option]);
    const start = await started({ sandbox: true }, { ...rest, user_config: Object.fromEntries(withoutDefaults) });
    expect(JSON.stringify(start.args)).toContain("user_config.files");
    expect(JSON.stringify(start.env)).toContain("user_config.approval");
    const { failed, text } = await tryOut(start, "DescribeCertificates", { Limit: 1 });
    expect(failed, text).toBe(false);
  });
});

describe("the manifest", () => {
  it("keeps keys out of sight, and uses every option that it asks for", () => {
    const { user_config: options = {}, server } = manifest();
    const start = JSON.stringify(server.mcp_config);
    for (const [key, { sensitive = false }] of Object.entries(options)) {
      expect(start).toContain(`"\${user_config.${key}}"`);
      expect(sensitive, key).toBe(/secret|access_key|_ak$|_sk$/.test(key));
    }
  });
});
