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
  chinese: [],
  language: [],
  moment: ["language"],
  "safe-text": ["chinese", "language"],
  "domain-name": [],
  encoding: [],
  failure: [],
  json: [],
  "key-match": ["x509"],
  lifetime: [],
  paths: [],
  version: [],
  visible: ["domain-name", "language", "moment", "safe-text"],
  x509: [],
  cloud: ["catalogue", "encoding", "failure", "json", "paths", "visible"],
  edge: ["catalogue", "domain-name", "failure", "preflight", "visible", "x509"],
  jobs: ["catalogue", "edge", "failure", "preflight", "visible"],
  guard: [
    "catalogue",
    "domain-name",
    "edge",
    "failure",
    "json",
    "key-match",
    "language",
    "paths",
    "preflight/bundle",
    "preflight/certificate",
    "preflight/private-key",
    "preflight/public-key",
    "preflight/sent-chain",
    "visible",
    "x509",
  ],
  // Keys and certificates are read and judged by the same rules wherever they are opened.
  secrets: [
    "catalogue",
    "encoding",
    "failure",
    "json",
    "key-match",
    "paths",
    "preflight/bundle",
    "preflight/key-size",
    "preflight/private-key",
    "preflight/public-key",
    "visible",
    "x509",
  ],
  shape: ["catalogue", "json", "visible"],
  preflight: ["catalogue", "domain-name", "failure", "json", "key-match", "visible", "x509"],
  "argument-size": ["catalogue"],
  arguments: ["argument-size", "catalogue", "failure", "json", "preflight", "visible"],
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
  workflows: ["catalogue", "edge", "failure", "jobs", "json", "own-tool", "preflight", "secrets", "visible", "x509"],
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
  config: ["catalogue", "language", "listed", "paths", "toolsets"],
  offer: ["catalogue", "cloud", "config", "guard", "listed", "toolsets"],
  surroundings: ["catalogue", "cloud", "config", "sandbox/credentials"],
  // The sandbox shares what the clouds document and how they sign with the program it judges, and nothing else.
  sandbox: ["catalogue", "cloud/signing", "encoding", "x509"],
  "gate-setup": ["call", "cloud", "config", "edge", "guard", "language"],
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
  cli: ["config", "failure", "language", "on-demand", "sandbox", "serve", "version"],
  documents: ["catalogue", "config", "chinese", "listed", "toolsets", "workflows"],
  demo: ["catalogue", "sandbox", "x509"],
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
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, source: readFileSync(join(root, path), "utf8") }));
const imports = sources.flatMap(({ path, source }) =>
  [...source.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)].map(([, target = ""]) => ({ path, target })),
);

/** Names from modules of Node.js whose typings promise what is not there, and the only file that copes with them. */
const readBy: Readonly<Record<string, string>> = {
  X509Certificate: "x509.ts",
  getPeerCertificate: "nowhere",
};

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

  it.each(Object.entries(readBy))(
    "%s is used in %s alone, which makes its members what their types say",
    (name, home) => {
      // Of @peculiar/x509, the sandbox's authority, the class has the same name.
      const use = new RegExp(`(?<!x509\\.)\\b${name}\\b`);
      const users = sources.filter(({ source }) => use.test(source)).map(({ path }) => path);
      expect(users.filter((path) => path !== home)).toEqual([]);
    },
  );
});
