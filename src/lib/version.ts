import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** Next to src, or next to the folder into which src is compiled. */
const places = ["../../package.json", "../../../package.json"].map((path) => new URL(path, import.meta.url));

const manifest = z
  .object({ version: z.string(), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(readFileSync(places.find(existsSync) ?? "package.json", "utf8")));

/** The version in package.json. */
export const { version } = manifest;

/** The oldest supported Node.js; in package.json as ">=20.18.1". */
export const oldestNode = manifest.engines.node.replace(/^>=/, "");
