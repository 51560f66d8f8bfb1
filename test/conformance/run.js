// The built server before testers of another make: the scenarios of @modelcontextprotocol/conformance, which speaks only
// HTTP, and the Inspector's CLI, over HTTP and stdio. Prints a Markdown table of each, and ends with code 0 only if
// everything that applies passes.
//
//   npm run conformance
import { execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { title as inspector, inspectorOutcomes } from "./inspector.js";
import { scenarioOutcomes, title as suite } from "./suite.js";

const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { tools } = JSON.parse(readFileSync(inProject("manifest.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "cloudcert-conformance-"));
const command = process.execPath;
const cli = inProject("dist/cli.js");
const env = { PATH: process.env.PATH, HOME: scratch, CI: "1" };
const say = (line) => process.stdout.write(`${line}\n`);

/** A server on loopback. */
async function served(...args) {
  const port = randomInt(20_000, 32_000);
  const child = spawn(command, [cli, "serve", "--http", `127.0.0.1:${port}`, "--sandbox", ...args], {
    env: { ...env, XDG_STATE_HOME: mkdtempSync(join(scratch, "state-")) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.once("exit", () => child.kill());
  await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Server listening")) resolve();
    });
    child.once("exit", () => reject(new Error(said)));
  });
  const end = () => Promise.all([once(child, "exit"), child.kill()]);
  return { url: `http://127.0.0.1:${port}/mcp`, end };
}

/** For people who log in, and one tester with a token; whoever asks for a change waits a second for one of them. */
async function servedToTeam() {
  const [tokens, rules] = [join(scratch, "tokens.json"), join(scratch, "rules.yaml")];
  const add = [cli, "tokens", "add", "tester", "--tokens", tokens, "--scopes", "certs:read,certs:change"];
  const token = execFileSync(command, add, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const issuer = "https://login.example.com";
  writeFileSync(
    rules,
    `people: { bob: "${issuer}#bob" }
access: [{ who: [everyone], read: ["*"], change: ["*"] }]
approvals: [{ ask: [everyone], approve: [bob] }]
`,
  );
  const team = ["--tokens", tokens, "--issuer", issuer, "--rules", rules];
  return { ...(await served(...team, "--http-sessions", "--call-time", "1")), token };
}

/** Prints the rows as they come; gives the number of outcomes that fail. */
async function printed(title, columns, rows) {
  const counts = { passes: 0, fails: 0 };
  say(`| ${[title, ...columns].join(" | ")} |\n|${" --- |".repeat(columns.length + 1)}`);
  for await (const { name, outcomes, why = "" } of rows) {
    counts.passes += outcomes.filter((outcome) => outcome === "passes").length;
    counts.fails += outcomes.filter((outcome) => outcome.startsWith("FAILS")).length;
    say(`| ${[name, ...outcomes, why].slice(0, columns.length + 1).join(" | ")} |`);
  }
  say(`\n${counts.passes} of ${counts.passes + counts.fails} that apply pass.\n`);
  return counts.fails;
}

const [sandbox, team] = await Promise.all([served(), servedToTeam()]);
// Neither tester is a person; with this flag none is looked for elsewhere.
const stdio = { command, args: [cli, "--sandbox", "--approve", "elicit"], env, toolCount: tools.length };
// Two tools name paths of the computer that the server runs on.
const overHttp = { ...team, env, toolCount: tools.length - 2 };
const fails =
  (await printed(
    suite,
    ["Sandbox for one", "Team, `--http-sessions`, token", "Why not"],
    scenarioOutcomes({ sandbox, team }, scratch),
  )) + (await printed(inspector, ["stdio", "HTTP"], inspectorOutcomes({ stdio, team: overHttp })));
await Promise.all([sandbox.end(), team.end()]);
rmSync(scratch, { recursive: true, force: true });
process.exitCode = fails === 0 ? 0 : 1;
