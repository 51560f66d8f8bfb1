// npm run year [-- DAYS DOMAINS SEED]: a year of 365 days with 30 domains, and its report.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleYear } from "./bundle.js";

const folder = mkdtempSync(join(tmpdir(), "year-program-"));
await bundleYear(folder, ["main", "killed-run"]);
const [main, entry] = ["main", "killed-run"].map((name) => join(folder, `${name}.mjs`));
const { status } = spawnSync(process.execPath, [main, entry, ...process.argv.slice(2)], { stdio: "inherit" });
rmSync(folder, { recursive: true, force: true });
process.exitCode = status ?? 1;
