// The built server before the scenarios of @modelcontextprotocol/conformance and the Inspector's CLI: prints a Markdown
// table of each, and ends with code 0 only if everything that applies passes.
//
//   npm run conformance
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { title as inspector, inspectorOutcomes } from "./inspector.js";
import { scenarioOutcomes, title as suite } from "./suite.js";

const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { tools } = JSON.parse(readFileSync(inProject("manifest.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "cloudcert-conformance-"));
const server = {
  command: process.execPath,
  // Neither tester is a person; with this flag none is looked for elsewhere.
  args: [inProject("dist/cli.js"), "--sandbox", "--approve", "elicit"],
  env: { PATH: process.env.PATH, HOME: scratch, CI: "1" },
};

const say = (line) => process.stdout.write(`${line}\n`);

/** Prints the rows as they come; gives the number of those that fail. */
async function printed(title, outcomes) {
  const counts = { passes: 0, fails: 0, others: 0 };
  say(`| ${title} | Outcome |\n| --- | --- |`);
  for await (const { name, outcome } of outcomes) {
    counts[outcome === "passes" ? "passes" : outcome.startsWith("FAILS") ? "fails" : "others"] += 1;
    say(`| ${name} | ${outcome} |`);
  }
  const { passes, fails, others } = counts;
  say(`\n${passes} of ${passes + fails} that apply pass; ${others} do not apply.\n`);
  return fails;
}

const fails =
  (await printed(suite, scenarioOutcomes(server, scratch))) +
  (await printed(inspector, inspectorOutcomes(server, tools.length)));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = fails === 0 ? 0 : 1;
