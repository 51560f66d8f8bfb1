import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodePackage, nodes } from "../client-compat/versions.js";
import { installed } from "../support/installed.js";
import { notApplicable } from "./scenarios.js";

const name = "@modelcontextprotocol/conformance";
const version = "0.2.0-alpha.12";

/** The newest revision of MCP that the server speaks. */
const revision = "2025-11-25";

export const title = `\`${name}\` ${version}, MCP ${revision}`;

/**
 * What came of every scenario for servers that the suite has for the revision, at each of the servers.
 * @param {Record<string, { url: string, token?: string }>} servers
 * @param {string} scratch a folder for what the suite writes
 */
export async function* scenarioOutcomes(servers, scratch) {
  const runs = await Promise.all(
    Object.entries(servers).map(async ([which, server]) => [which, await checksOf(server, scratch)]),
  );
  for (const scenario of runs[0][1].keys()) {
    const { to, why } = notApplicable[scenario] ?? {};
    const outcomes = runs.map(([which, checks]) =>
      why !== undefined && (to ?? which) === which ? "does not apply" : verdict(checks.get(scenario)),
    );
    yield { name: scenario, outcomes, why };
  }
}

/** Runs all scenarios, in one process. */
async function checksOf({ url, token = "" }, scratch) {
  // It wants Node 22, whatever the server runs on.
  const packages = join(installed("conformance", { [name]: version, [nodePackage]: nodes[22] }), "node_modules");
  const results = mkdtempSync(join(scratch, "suite-"));
  const standIn = fileURLToPath(new URL("stand-in.js", import.meta.url));
  const program = ["--import", standIn, join(packages, name, "dist/index.js")];
  const args = [...program, "server", "--url", url, "--requirements", revision, "--output-dir", results];
  const env = { ...process.env, SUITE_TOKEN: token };
  // It ends with code 1 where a check fails; what counts is what it wrote.
  const said = await new Promise((resolve) => {
    execFile(join(packages, nodePackage, "bin/node"), args, { env }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
  const folders = readdirSync(results);
  const ran = [...said.matchAll(/^=== Running scenario: (\S+) ===$/gm)].map(([, scenario]) => scenario);
  if (ran.length === 0) throw new Error(`the suite ran no scenario: ${said}`);
  return new Map(
    ran.map((scenario) => {
      const folder = folders.find((each) => each.replace(/-\d{4}-\d\d-\d\dT.*/, "") === `server-${scenario}`);
      return [scenario, folder && JSON.parse(readFileSync(join(results, folder, "checks.json"), "utf8"))];
    }),
  );
}

/** The suite itself passes a scenario in which nothing was checked but the form of the messages. */
function verdict(checks = []) {
  const wrong = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
  if (wrong.length > 0) return `FAILS: ${wrong.map(({ id, errorMessage }) => errorMessage ?? id).join("; ")}`;
  const isChecked = checks.some(({ id, status }) => status === "SUCCESS" && id !== "wire-schema-valid");
  return isChecked ? "passes" : "FAILS: nothing was checked";
}
