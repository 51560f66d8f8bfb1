import { faultsOf, reportOf } from "./report.js";
import { simulateYear } from "./year.js";

/** The year as a command: ENTRY [DAYS [DOMAINS [SEED]]]. It exits with 0 only if the year kept what it promises. */

const [entry = "", days = "365", domains = "30", seed = "1"] = process.argv.slice(2);
const began = performance.now();
const year = await simulateYear({
  entry,
  days: Number(days),
  domains: Number(domains),
  seed: Number(seed),
  onDay: (told) => process.stderr.write(`${told}\n`),
});
const minutes = (performance.now() - began) / 60_000;
process.stdout.write(`${reportOf(year)}\n\nIt took ${minutes.toFixed(1)} minutes.\n`);
const faults = faultsOf(year);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
