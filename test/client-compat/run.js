// Every client on every Node against the server on the same Node: prints a Markdown table, and ends with code 0 only if
// nothing failed. Everything it needs comes from npm at the versions in versions.js.
//
//   npm run compat [-- --write]     --write puts the table into docs/compatibility.md
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePart } from "../../build/scripts/docs/parts.js";
import { installed } from "../support/installed.js";
import { forked } from "./forked.js";
import { failuresIn, table } from "./table.js";
import { clients, nodes, packagesFor } from "./versions.js";

/** Far longer than any cell takes; milliseconds. */
const PATIENCE = 90_000;

const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { tools } = JSON.parse(readFileSync(inProject("manifest.json"), "utf8"));
const toolNames = JSON.stringify(tools.map(({ name }) => name));

/** The run's own files beside the clients, so that they import them as any program does. */
function prepared(node) {
  const folder = installed(`compat-node-${node}`, packagesFor(node));
  rmSync(join(folder, "compat"), { recursive: true, force: true });
  cpSync(inProject("test/client-compat"), join(folder, "compat"), { recursive: true });
  return folder;
}

async function cell(client, node, folder) {
  const args = [client, inProject("dist/cli.js"), toolNames];
  const result = await forked(folder, "cell.js", args, PATIENCE, (run) => ({ outcomes: { run } }));
  return { client, node, version: clients[client].version(node), ...result };
}

const cells = [];
for (const node of Object.keys(nodes).map(Number)) {
  const folder = prepared(node);
  for (const client of Object.keys(clients)) {
    const result = await cell(client, node, folder);
    process.stderr.write(`Node ${node}, ${client} ${result.version}: ${JSON.stringify(result.outcomes)}\n`);
    cells.push(result);
  }
}

process.stdout.write(`${table(cells)}\n`);
if (process.argv.includes("--write")) writePart(inProject(""), "compatibility", table(cells));
process.exitCode = failuresIn(cells).length === 0 ? 0 : 1;
