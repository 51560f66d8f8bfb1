import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { z } from "zod";
import { operations } from "../src/catalogue/index.js";
import { cli, root } from "./paths.js";
import type { Figure } from "./row.js";
import { everyCloud } from "./start.js";
import { StdioServer } from "./stdio.js";

/** The most that the tool list may take up in a conversation, in o200k tokens. */
export const maxTokens = { all: 13_000, operations: 8_000 } as const;

/** The largest size of the packed package; enforced by a test. */
export const maxKibibytes = 1_000;

const listed = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() }).passthrough()) }) });

/** The size of the tool list and of an installation. */
export async function figures(): Promise<Figure[]> {
  return [...(await listFigures()), ...packageFigures()];
}

async function listFigures(): Promise<Figure[]> {
  const server = new StdioServer(cli, [], everyCloud);
  await server.initialize();
  const { tools } = listed.parse(JSON.parse(await server.request("tools/list", {}))).result;
  await server.stop();
  const documented = new Set(operations.map(({ name }) => name));
  const own = tools.filter(({ name }) => documented.has(name));
  const tokens = (list: unknown) => encode(JSON.stringify(list)).length;
  return [
    { what: `The tool list, all ${tools.length} tools`, value: tokens(tools), unit: "tokens", atMost: maxTokens.all },
    {
      what: `Its ${documented.size} operations as shown to models: name, description, input schema`,
      value: tokens(own.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))),
      unit: "tokens",
      atMost: maxTokens.operations,
    },
    { what: "The tool list as sent", value: Buffer.byteLength(JSON.stringify(tools)), unit: "bytes" },
  ];
}

const tarball = z.object({ filename: z.string(), size: z.number(), entryCount: z.number() });
const lockfile = z.object({ packages: z.record(z.unknown()) });

const npm = (cwd: string, ...args: readonly string[]) => execFileSync("npm", args, { cwd, encoding: "utf8" });

/** The tarball as npm would publish it, with the current content of dist/. */
export function pack(folder: string): z.infer<typeof tarball> {
  const options = ["--json", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = z.tuple([tarball]).parse(JSON.parse(npm(root, "pack", ...options)));
  return packed;
}

function packageFigures(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-pack-"));
  try {
    const { filename, size, entryCount } = pack(folder);
    npm(folder, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", join(folder, filename));
    const { packages } = lockfile.parse(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")));
    // The first entry is the folder itself.
    const installed = Object.keys(packages).length - 1;
    return [
      { what: `The package, ${entryCount} files`, value: Math.ceil(size / 1024), unit: "KiB", atMost: maxKibibytes },
      {
        what: "Packages installed, including this one",
        value: installed,
        unit: installed === 1 ? "package" : "packages",
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
