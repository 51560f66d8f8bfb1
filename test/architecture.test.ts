import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * The direction of imports, folder by folder: what each part of src may import besides itself. Files at the top of src
 * count as parts of their own.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  catalogue: ["domain-name", "visible"],
  "domain-name": [],
  encoding: [],
  failure: [],
  json: [],
  "key-match": [],
  lifetime: [],
  paths: [],
  version: [],
  visible: ["domain-name"],
  cloud: ["catalogue", "encoding", "failure", "json", "paths", "visible"],
  edge: ["catalogue", "domain-name", "failure", "preflight", "visible"],
  jobs: ["catalogue", "edge", "failure", "preflight", "visible"],
  guard: [
    "catalogue",
    "domain-name",
    "edge",
    "failure",
    "json",
    "key-match",
    "paths",
    "preflight/private-key",
    "visible",
  ],
  // Keys and their sizes are judged by the same rules wherever they are opened.
  secrets: [
    "catalogue",
    "encoding",
    "failure",
    "json",
    "key-match",
    "paths",
    "preflight/key-size",
    "preflight/private-key",
    "visible",
  ],
  shape: ["catalogue", "json", "visible"],
  preflight: ["catalogue", "domain-name", "failure", "json", "key-match", "visible"],
  "argument-size": ["catalogue"],
  arguments: ["argument-size", "catalogue", "failure", "json", "preflight"],
  "own-tool": ["catalogue", "edge", "failure", "jobs", "secrets", "visible"],
  call: [
    "arguments",
    "catalogue",
    "cloud",
    "edge",
    "failure",
    "guard",
    "jobs",
    "own-tool",
    "secrets",
    "shape",
    "undertake",
  ],
  undertake: ["arguments", "catalogue", "cloud", "failure", "guard", "own-tool", "visible"],
  pages: ["catalogue"],
  workflows: ["catalogue", "edge", "failure", "jobs", "json", "own-tool", "preflight", "secrets", "visible"],
  prompts: ["catalogue", "failure"],
  status: ["catalogue", "cloud", "config", "guard"],
  mcp: [
    "call",
    "catalogue",
    "encoding",
    "failure",
    "guard",
    "json",
    "lifetime",
    "own-tool",
    "prompts",
    "secrets",
    "shape",
    "visible",
  ],
  listed: ["catalogue", "mcp/tools", "own-tool", "workflows"],
  toolsets: ["catalogue"],
  config: ["catalogue", "listed", "paths", "toolsets"],
  offer: ["catalogue", "cloud", "config", "guard", "listed", "toolsets"],
  surroundings: ["catalogue", "cloud", "config", "sandbox/credentials"],
  // The sandbox shares what the clouds document and how they sign with the program it judges, and nothing else.
  sandbox: ["catalogue", "cloud/signing", "encoding"],
  "gate-setup": ["call", "cloud", "config", "edge", "guard"],
  ground: ["catalogue", "cloud", "config", "edge", "jobs", "offer", "sandbox", "surroundings"],
  doctor: [
    "catalogue",
    "cloud",
    "config",
    "failure",
    "gate-setup",
    "ground",
    "guard",
    "jobs",
    "listed",
    "mcp/client",
    "offer",
    "secrets",
    "status",
    "surroundings",
    "version",
    "visible",
  ],
  engine: [
    "catalogue",
    "config",
    "doctor",
    "edge",
    "gate-setup",
    "ground",
    "guard",
    "jobs",
    "lifetime",
    "mcp",
    "offer",
    "pages",
    "secrets",
    "status",
    "surroundings",
    "version",
    "workflows",
  ],
  "on-demand": ["doctor", "engine", "gate-setup", "guard"],
  serve: [
    "config",
    "engine",
    "failure",
    "on-demand",
    "lifetime",
    "listed",
    "mcp",
    "offer",
    "paths",
    "secrets",
    "surroundings",
    "version",
    "visible",
  ],
  cli: ["config", "failure", "on-demand", "sandbox", "serve", "version"],
  documents: ["catalogue", "config", "listed", "toolsets", "workflows"],
  demo: ["catalogue", "sandbox"],
};

/** Packages that only one part may use. */
const homeOf: Readonly<Record<string, string | readonly string[]>> = {
  "@modelcontextprotocol/sdk": "mcp",
  undici: ["cloud", "doctor"],
  "@peculiar/x509": "sandbox",
  open: "guard",
  "proper-lockfile": ["guard", "jobs"],
  "ipaddr.js": "edge",
  "write-file-atomic": "jobs",
};

const root = fileURLToPath(new URL("../src", import.meta.url));
const imports = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .flatMap((path) => {
    const source = readFileSync(join(root, path), "utf8");
    return [...source.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)].map(([, target = ""]) => ({ path, target }));
  });

const partOf = (path: string) => path.replace(/\.[jt]s$/, "").split("/")[0] ?? "";

describe("imports point one way", () => {
  it("reads the whole of src", () => expect(imports.length).toBeGreaterThan(200));

  it.each(imports.filter(({ target }) => target.startsWith(".")).map(({ path, target }) => [path, target]))(
    "%s may import %s",
    (path, target) => {
      const to = relative(root, join(root, dirname(path), target));
      const allowed = mayImport[partOf(path)];
      expect(allowed, `${partOf(path)} has its place in the picture`).toBeDefined();
      const own = partOf(to) === partOf(path);
      expect(own || allowed?.some((part) => to === `${part}.js` || to.startsWith(`${part}/`))).toBe(true);
    },
  );

  it.each(Object.entries(homeOf))("%s is used in its place alone: %s", (name, home) => {
    const users = imports.filter(({ target }) => target === name || target.startsWith(`${name}/`));
    expect(
      [...new Set(users.map(({ path }) => partOf(path)))].filter(
        (part) => ![home].flat().includes(part) && part !== "demo",
      ),
    ).toEqual([]);
  });
});
