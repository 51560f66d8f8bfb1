import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const page = read("docs/architecture.md");

/** The rows of the page's table under a heading, cell by cell. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  const [, , ...rows] = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.map((row) => row.split("|").slice(1, -1));
}

/** What a cell has in code marks. */
const codeIn = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** A part and what it may import besides itself: whole parts, or a folder or file of one. */
const parts = tableUnder("Parts").map(([part, , imports]) => {
  const [name = ""] = codeIn(part);
  return { name, mayImport: codeIn(imports) };
});

/** Packages that only some parts may use. */
const homesOf: Readonly<Record<string, readonly string[]>> = {
  "@modelcontextprotocol/sdk": ["mcp", "examples/demo"],
  undici: ["cloud", "doctor"],
  "@peculiar/x509": ["sandbox", "examples/demo"],
  open: ["approval"],
  "proper-lockfile": ["lib"],
  "ipaddr.js": ["tls-check"],
  "write-file-atomic": ["jobs", "standing-approvals"],
  esbuild: ["view"],
  fastify: ["http"],
  jose: ["identity"],
  "openid-client": ["http"],
  pg: ["database"],
  "prom-client": ["http"],
  yaml: ["lib"],
};

/** Names from modules of Node.js whose typings promise what is not there, and the only file that copes with them. */
const readBy: Readonly<Record<string, string>> = {
  X509Certificate: "src/certificates/x509.ts",
  getPeerCertificate: "nowhere",
};

const sources = ["src", "scripts/docs", "examples/demo"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .map((path) => ({ path, source: read(path) })),
);

/** Types count like values, and so does what is loaded later. */
const imports = sources.flatMap(({ path, source }) =>
  [...source.matchAll(/(?:from|import) ?\(?"([^"]+)"/g)].map(([, target = ""]) => ({
    path,
    target: target.startsWith(".") ? join(dirname(path), target).replace(/\.js$/, ".ts") : target,
    isOurs: /^\..*\.js$/.test(target),
  })),
);
const ours = imports.filter(({ isOurs }) => isOurs);

/** "cloud" of src/cloud/cloud-client.ts, "scripts/docs" of scripts/docs/index.ts, "cli.ts" of src/cli.ts. */
function partOf(path: string): string {
  const [top, first = "", ...rest] = path.split("/");
  return top === "src" ? first : rest.length > 0 ? `${top}/${first}` : path;
}

/** Whether a file of src is the one that is named, or lies in the folder that is. */
const isWithin = (name: string, path: string) => path === `src/${name}.ts` || path.startsWith(`src/${name}/`);

/** Files that import each other, directly or by way of others. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const finished = new Set<string>();
  const circles: (readonly string[])[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || finished.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

describe("the folders of src", () => {
  it("hold all files but the one that is started", () =>
    expect(readdirSync(join(root, "src")).filter((name) => name.endsWith(".ts"))).toEqual(["cli.ts"]));

  it("are the parts that docs/architecture.md lists", () => {
    const listed = parts.map(({ name }) => name);
    expect([...new Set(sources.map(({ path }) => partOf(path)))].sort()).toEqual(listed.toSorted());
  });

  it("import only what stands below them on that page", () => {
    const order = parts.map(({ name }) => name);
    const upwards = parts.flatMap(({ name, mayImport }) =>
      mayImport
        .filter((target) => order.indexOf(target.split("/")[0] ?? "") <= order.indexOf(name))
        .map((target) => `${name}: ${target}`),
    );
    expect(upwards).toEqual([]);
  });
});

describe("imports", () => {
  it("are read from all files", () => expect(ours.length).toBeGreaterThan(2_000));

  it.each(parts)("of $name go where docs/architecture.md says", ({ name, mayImport }) => {
    const other = ours
      .filter(({ path, target }) => partOf(path) === name && partOf(target) !== name)
      .filter(({ target }) => !mayImport.some((part) => isWithin(part, target)));
    expect(other.map(({ path, target }) => `${path}: ${target}`)).toEqual([]);
  });

  it.each(parts)("that docs/architecture.md allows to $name are made", ({ name, mayImport }) => {
    const made = ours.filter(({ path }) => partOf(path) === name).map(({ target }) => target);
    expect(mayImport.filter((part) => !made.some((target) => isWithin(part, target)))).toEqual([]);
  });

  it("go round in no circle", () => {
    const graph = new Map<string, string[]>();
    for (const { path, target } of ours) graph.set(path, [...(graph.get(path) ?? []), target]);
    expect(circlesIn(graph)).toEqual([]);
    const known = { a: ["b"], b: ["c"], c: ["b"] };
    expect(circlesIn(new Map(Object.entries(known)))).toEqual([["b", "c", "b"]]);
  });

  it.each(Object.entries(homesOf))("of %s are made in its place alone: %s", (name, homes) => {
    const users = imports.filter(({ target }) => target === name || target.startsWith(`${name}/`));
    expect([...new Set(users.map(({ path }) => partOf(path)))].filter((part) => !homes.includes(part))).toEqual([]);
  });

  it.each(Object.entries(readBy))(
    "of %s are made in %s alone, which makes its members what their types say",
    (name, home) => {
      // Of @peculiar/x509, the sandbox's authority, the class has the same name.
      const use = new RegExp(`(?<!x509\\.)\\b${name}\\b`);
      const users = sources.filter(({ source }) => use.test(source)).map(({ path }) => path);
      expect(users.filter((path) => path !== home)).toEqual([]);
    },
  );
});

describe("docs/architecture.md", () => {
  const steps = [...tableUnder("From the message to the request"), ...tableUnder("And back")].map(([, file, name]) => ({
    file: codeIn(file)[0] ?? "",
    name: codeIn(name)[0] ?? "",
  }));

  it("tells the way of a call", () => expect(steps.length).toBeGreaterThan(10));

  it.each(steps)("finds $name in $file", ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(read(file)).toMatch(new RegExp(`^(?:export |async |function |const |  )+${name}\\b`, "m"));
  });

  it("has what is done to a reply in the order of the code", () => {
    const told = tableUnder("What is done to a reply").map(([, name]) => codeIn(name)[0] ?? "");
    const code = read("src/reply/format-reply.ts").replace(/^import [\s\S]*?;$/gm, "");
    const [, body = ""] = code.split("export function formatReply(");
    const places = told.map((name) => body.search(new RegExp(`\\b${name}\\(`)));
    expect(told.length).toBeGreaterThan(3);
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe("tests", () => {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "architecture/imports.test.ts")
    .map((name) => ({ name, source: read(`test/${name}`) }));

  it("set no limit below the guard of vitest.config.ts: a loaded machine breaks it", () => {
    const limits =
      /(?:, \{\s*timeout: |setDefaultTimeout\(|^\}, )([\d_]+)(?= \}, (?:async )?\(|,?\s*\}, (?:async )?\(|\);$)/gm;
    const found = files.flatMap(({ name, source }) =>
      [...source.matchAll(limits)].map(([, ms = ""]) => ({ name, ms: Number(ms.replaceAll("_", "")) })),
    );
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter(({ ms }) => ms > 0 && ms < 600_000)).toEqual([]);
  });

  it("expect nothing to have happened by a time on the clock", () => {
    const late = /(?:performance\.now\(\)|Date\.now\(\)|within)[^\n]*\)\.toBeLessThan/;
    expect(files.flatMap(({ name, source }) => (late.test(source) ? [name] : []))).toEqual([]);
  });

  it("of some rows of a table leave the others to the wide tests", () => {
    const narrowed = files.filter(({ source }) =>
      /^import \{[^}]*\brows\b[^}]*\} from "[./]+support\/width\.js";/m.test(source),
    );
    expect(narrowed.length).toBeGreaterThan(20);
    const atFullWidth = read("vitest.config.ts");
    const count = (source: string, what: RegExp) => source.match(what)?.length ?? 0;
    const lost = narrowed.filter(({ name, source }) => {
      const [, code = ""] = source.split('support/width.js";');
      return (
        !atFullWidth.includes(`"test/${name}"`) && count(code, /(?<![.\w])rows[<(]/g) !== count(code, /\bofRows,/g)
      );
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  it("that run a property less often in npm test run it in full with the endurance tests", () => {
    const atFullWidth = read("vitest.config.ts");
    const narrowed = files.filter(({ source }) =>
      /^import \{[^}]*\bruns\b[^}]*\} from "[./]+support\/width\.js";/m.test(source),
    );
    expect(narrowed.length).toBeGreaterThan(10);
    expect(narrowed.filter(({ name }) => !atFullWidth.includes(`"test/${name}"`)).map(({ name }) => name)).toEqual([]);
  });
});
