import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { maxKibibytes } from "../../bench/figures.js";
import { installLinks } from "../../scripts/docs/install/links.js";
import { version } from "../../src/lib/version.js";
import { type Start, tryOut } from "./support.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "cloudcert-package-test-"));
const folder = join(work, "empty");

const packed = z.tuple([
  z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
]);
let files: string[];
/** In bytes, packed. */
let size: number;

beforeAll(() => {
  // Without scripts: they would build anew while other tests run what is built.
  const said = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], { cwd: root });
  const [tarball] = packed.parse(JSON.parse(said.toString()));
  files = tarball.files.map(({ path }) => path);
  size = tarball.size;
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), "{}");
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, join(work, tarball.filename)], { cwd: folder, stdio: "pipe" });
});

describe("the npm package", () => {
  it("holds the program and what is read about it, and nothing else", () => {
    const expected = /^(package\.json|LICENSE|README(\.[\w-]+)?\.md|dist\/.+\.(js|json|txt|md)|integrations\/.+)$/;
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "LICENSE", "README.md", "README.zh-CN.md", "dist/cli.js"]),
    );
  });

  it("weighs no more than it may", () => {
    expect(size / 1024).toBeLessThanOrEqual(maxKibibytes);
  });

  it("runs nothing when it is installed, and lists nothing that npm would warn of", () => {
    const scripts = z.object({ scripts: z.record(z.string()) });
    const manifest = readFileSync(join(folder, "node_modules/cloudcert-mcp/package.json"), "utf8");
    const names = Object.keys(scripts.parse(JSON.parse(manifest)).scripts);
    expect(names.filter((name) => /install$|^prepare$/.test(name))).toEqual([]);
  });

  it("names its version", () => {
    const said = execFileSync("npx", ["--no", "--", "cloudcert-mcp", "--version"], { cwd: folder });
    expect(said.toString()).toBe(`${version}\n`);
  });

  it("brings the hook of ACME clients as a program", () => {
    const hook = spawnSync("npx", ["--no", "--", "cloudcert-deploy-hook"], { cwd: folder, encoding: "utf8" });
    expect({ code: hook.status, says: hook.stderr }).toEqual({ code: 2, says: expect.stringContaining("--chain") });
  });

  it("names every package that is bundled, with version and licence, in a CycloneDX document", () => {
    const installed = (path: string) => readFileSync(join(folder, "node_modules/cloudcert-mcp/dist", path), "utf8");
    const component = z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string(),
      licenses: z.array(z.unknown()).nonempty(),
    });
    const bill = z.object({ bomFormat: z.literal("CycloneDX"), components: z.array(component) });
    const { components } = bill.parse(JSON.parse(installed("sbom.cdx.json")));
    const listed = components.map(({ group, name, version }) => `${group ? `${group}/` : ""}${name} ${version}`);
    const licences = installed("THIRD-PARTY-LICENSES.txt").matchAll(/(?:^|-{80}\n\n)(\S+ \S+) \(.+\)\n/g);
    expect(listed.sort()).toEqual([...licences].map(([, name]) => name).sort());
    expect(listed.length).toBeGreaterThan(20);
  });

  it("is the one package that is installed", () => {
    const lock = z.object({ packages: z.record(z.unknown()) });
    const { packages } = lock.parse(JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")));
    expect(Object.keys(packages)).toEqual(["node_modules/cloudcert-mcp"]);
  });
});

/** What a host starts that follows the registry's entry, with nothing filled in by a person. */
function fromRegistry(): Start {
  const entry = z.object({
    packages: z.tuple([
      z.object({
        runtimeHint: z.string(),
        identifier: z.string(),
        environmentVariables: z.array(z.object({ name: z.string(), default: z.string().default("") })),
      }),
    ]),
  });
  const [{ runtimeHint, identifier, environmentVariables }] = entry.parse(
    JSON.parse(readFileSync(join(root, "server.json"), "utf8")),
  ).packages;
  const env = environmentVariables.map(({ name, default: value }) => [name, value]);
  return { command: runtimeHint, args: ["-y", identifier], env: Object.fromEntries(env) };
}

/** What an editor starts that was given one of the documents' links, read as the editors document them. */
function fromLink(link: string): Start {
  const url = new URL(link);
  const config = url.searchParams.get("config");
  const json = config === null ? decodeURIComponent(url.search.slice(1)) : fromConfig(config);
  return z.object({ command: z.string(), args: z.array(z.string()) }).parse(JSON.parse(json));
}

const fromConfig = (config: string) =>
  config.startsWith("{") ? config : Buffer.from(config, "base64").toString("utf8");

const tried = new Map<string, ReturnType<typeof tryOut>>();

/** What comes of starting it so; most ways end in the same command, which is tried once. */
function outcomeOf(start: Start): ReturnType<typeof tryOut> {
  const key = JSON.stringify(start);
  const outcome = tried.get(key) ?? tryOut({ ...start, cwd: folder }, "DescribeCertificates", { Limit: 1 });
  tried.set(key, outcome);
  return outcome;
}

describe("what the documents say starts it, in an empty folder and without an account", () => {
  const clients = readFileSync(join(root, "docs/clients.md"), "utf8");
  const links = installLinks.flatMap(({ editor, web, own }) => [
    { way: `the link for ${editor} on the web`, link: web },
    { way: `${editor}'s own link`, link: own },
  ]);

  it.each([
    { way: "npx", start: { command: "npx", args: ["--no", "--", "cloudcert-mcp", "--sandbox"] } },
    { way: "the registry's entry", start: fromRegistry() },
    ...links.map(({ way, link }) => ({ way, start: fromLink(link) })),
  ])("$way", async ({ start }) => {
    const { tools, failed, text } = await outcomeOf(start);
    expect(tools.length).toBeGreaterThanOrEqual(36);
    expect(failed, text).toBe(false);
    expect(text).toContain("CertificateId");
  });

  it.each(links)("$way is in docs/clients.md", ({ link }) => expect(clients).toContain(link));
});
