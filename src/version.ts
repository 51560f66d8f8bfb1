import { readFileSync } from "node:fs";
import { z } from "zod";

const manifest = z
  .object({ version: z.string(), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));

/** The version in package.json, its one home. */
export const { version } = manifest;

/** The oldest Node.js that it runs on; package.json has it as ">=20.18.1". */
export const oldestNode = manifest.engines.node.replace(/^>=/, "");
