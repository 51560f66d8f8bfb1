// Runs the attacks while watching the event loop of every server: prints the longest blocks and the messages that
// caused them. Exits with code 1 if one is longer than a tenth of a second.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const most = 100;
const shown = 10;
const tests = process.argv.slice(2);

const file = join(mkdtempSync(join(tmpdir(), "cloudcert-latency-")), "blocks.jsonl");
writeFileSync(file, "");
const folders = tests.length > 0 ? tests : ["test/attacks", "test/adversarial"];
const { status } = spawnSync("npx", ["vitest", "run", "--no-file-parallelism", ...folders], {
  stdio: "inherit",
  env: { ...process.env, TEST_WIDTH: "full", LATENCY_FILE: file },
});

const blocks = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line))
  .sort((one, other) => other.held - one.held);
process.stdout.write(`\n${blocks.length} times the event loop was held for more than 20 ms; the longest:\n`);
for (const { held, message } of blocks.slice(0, shown)) {
  process.stdout.write(`${held.toFixed(0).padStart(6)} ms  ${message.replace(/\s+/g, " ").slice(0, 140)}\n`);
}
process.exitCode = status !== 0 || (blocks[0]?.held ?? 0) > most ? 1 : 0;
