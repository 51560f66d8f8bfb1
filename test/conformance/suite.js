import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { nodePackage, nodes } from "../client-compat/versions.js";
import { installed } from "../support/installed.js";
import { bridge } from "./bridge.js";
import { applicable, notApplicable } from "./scenarios.js";

const name = "@modelcontextprotocol/conformance";
const version = "0.1.16";

export const title = `\`${name}\` ${version}`;

/**
 * What came of every scenario for servers that the suite has.
 * @param {{ command: string, args: string[], env: Record<string, string> }} server
 * @param {string} scratch a folder for what the suite writes
 */
export async function* scenarioOutcomes(server, scratch) {
  const suite = installedSuite();
  const list = await suite("list", "--server");
  for (const [, scenario] of list.matchAll(/^ {2}- (\S+)/gm)) {
    yield { name: scenario, outcome: await outcomeOf(scenario, { suite, server, scratch }) };
  }
}

function installedSuite() {
  // It wants Node 22, whatever the server runs on.
  const packages = join(installed("conformance", { [name]: version, [nodePackage]: nodes[22] }), "node_modules");
  return async (...args) => {
    const program = join(packages, name, "dist/index.js");
    const { stdout } = await promisify(execFile)(join(packages, nodePackage, "bin/node"), [program, ...args]);
    return stdout;
  };
}

async function outcomeOf(scenario, { suite, server, scratch }) {
  if (scenario in notApplicable) return `not applicable: ${notApplicable[scenario]}`;
  if (!(scenario in applicable)) return "FAILS: it is not in scenarios.js";
  const { url, close } = await bridge(server, standIn(applicable[scenario]));
  const results = join(scratch, scenario);
  try {
    // It ends with code 1 where a check fails; what counts is what it wrote.
    await suite("server", "--url", url, "--scenario", scenario, "--output-dir", results).catch(() => {});
    return verdict(results);
  } finally {
    await close();
  }
}

function standIn({ method, params }) {
  return (message) =>
    message.method === method ? { ...message, params: { ...message.params, ...params(message.params) } } : message;
}

/** The suite itself passes a scenario in which nothing was checked. */
function verdict(results) {
  const [run] = readdirSync(results);
  const checks = JSON.parse(readFileSync(join(results, run, "checks.json"), "utf8"));
  const failures = checks.filter(({ status }) => status === "FAILURE").map(({ errorMessage }) => errorMessage);
  if (failures.length > 0) return `FAILS: ${failures.join("; ")}`;
  return checks.some(({ status }) => status === "SUCCESS") ? "passes" : "FAILS: nothing was checked";
}
