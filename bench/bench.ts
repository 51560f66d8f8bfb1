// npm run bench [-- PART…] [--write]: measures against rivals and prints a table; see docs/benchmarks.md.
import { availableParallelism, cpus } from "node:os";
import { writePart } from "../scripts/docs/parts.js";
import { callsASecond } from "./calls.js";
import { figures } from "./figures.js";
import { inventory } from "./inventory.js";
import { jobs } from "./jobs.js";
import { root } from "./paths.js";
import { type Figure, type Row, tableOf } from "./row.js";
import { signing } from "./signing.js";
import { start } from "./start.js";
import { toolCall } from "./tool-call.js";

const parts: Readonly<Record<string, () => Promise<readonly (Row | Figure)[]>>> = {
  start,
  call: toolCall,
  calls: callsASecond,
  signing,
  figures,
  inventory,
  jobs,
};

const options = process.argv.slice(2);
const chosen = options.filter((option) => !option.startsWith("--"));
const unknown = options.filter((option) => option !== "--write" && !(option in parts));
if (unknown.length > 0) throw new Error(`${unknown.join(", ")}: not one of ${Object.keys(parts).join(", ")}, --write`);

const rows: (Row | Figure)[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) rows.push(...(await measure()));
}
const text = `${tableOf(rows)}\n\n${method()}`;
process.stdout.write(`${text}\n`);
if (options.includes("--write")) writePart(root, "bench", text);

/** How it was measured, and on which machine. */
function method(): string {
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? "an unknown processor"}`;
  const today = new Date().toISOString().slice(0, 10);
  return (
    "Each figure is the median of many rounds, with the interquartile range in brackets; ratios are computed round by " +
    "round, because the contestants take turns within each. Calls go to a local server that always gives the same " +
    "reply, because the sandbox would be the slowest part. The server and each contestant run in processes of their " +
    "own. Our client is unchanged except that its rate is not limited. The official SDKs use kept-alive connections. " +
    `Measured on ${today} with Node ${process.versions.node} on ${machine}.`
  );
}
