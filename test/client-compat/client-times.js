// Clients with their default limits × a person who takes a while × what is done, with real seconds: what the assistant
// reads, and what the cloud holds at that moment. Prints a Markdown table, and ends with code 0 only if the two agree
// everywhere. Takes a quarter of an hour; the same on a clock of its own is in test/mcp/client-times.test.ts.
//
//   npm run client-times [-- [--at-once=12] [CLIENT…]]
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installed } from "../support/installed.js";
import { forked } from "./forked.js";
import { kinds, persons } from "./time-cases.js";
import { clients, packagesFor } from "./versions.js";

/** The newest line of Node, which every client runs on. */
const NODE = 24;
/** Longer than any question stands; milliseconds. */
const PATIENCE = 420_000;

const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { values, positionals } = parseArgs({
  options: { "at-once": { type: "string", default: "12" } },
  allowPositionals: true,
});
const chosen = positionals.length > 0 ? positionals : Object.keys(clients);

const folder = installed(`compat-node-${NODE}`, packagesFor(NODE));
rmSync(join(folder, "compat"), { recursive: true, force: true });
cpSync(inProject("test/client-compat"), join(folder, "compat"), { recursive: true });

async function run({ client, kind, person }) {
  const args = [client, inProject("dist/cli.js"), kind, String(person)];
  const failed = (disagrees) => ({ disagrees, reads: [] });
  const result = await forked(folder, "time-cell.js", args, PATIENCE, failed);
  process.stderr.write(`${client}, ${kind}, ${person} s: ${JSON.stringify(result)}\n`);
  return { client, kind, person, ...result };
}

const left = chosen.flatMap((client) =>
  Object.keys(kinds).flatMap((kind) => persons.map((person) => ({ client, kind, person }))),
);
// The longest first, so that none of them runs alone at the end.
left.sort((a, b) => b.person - a.person);
const cells = [];
const worker = async () => {
  for (let next = left.shift(); next !== undefined; next = left.shift()) cells.push(await run(next));
};
await Promise.all(Array.from({ length: Number(values["at-once"]) }, worker));

const cellOf = (client, kind, person) => {
  const { reads, disagrees } = cells.find((it) => it.client === client && it.kind === kind && it.person === person);
  return disagrees === undefined ? reads.join(", ") : `✗ ${disagrees.split("\n")[0]}`;
};
const head = ["Client", "What", ...persons.map((person) => (Number.isFinite(person) ? `${person} s` : "never"))];
const rows = chosen.flatMap((client) =>
  Object.keys(kinds).map((kind) => [
    `${clients[client].title} ${clients[client].version(NODE)}`,
    kind,
    ...persons.map((person) => cellOf(client, kind, person)),
  ]),
);
const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
process.stdout.write(`${lines.join("\n")}\n`);
process.exitCode = cells.every(({ disagrees }) => disagrees === undefined) ? 0 : 1;
