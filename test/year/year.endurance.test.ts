import { expect, it } from "vitest";
import { bundledEntry } from "./bundle.js";
import { faultsOf, reportOf } from "./report.js";
import { simulateYear } from "./year.js";

/** Small here; `npm run year` lets 365 days pass for 30 domains, and prints each of them and the report. */
const { YEAR_DAYS: wide, YEAR_DOMAINS: domains = 30, YEAR_SEED: seed = 8 } = process.env;
const isWide = wide !== undefined;

it("a year of renewals in bounds that a person set keeps every approved domain served, and asks about the others", {
  timeout: 0,
}, async () => {
  const print = (told: string) => void (isWide && process.stdout.write(`${told}\n`));
  const year = await simulateYear({
    days: Number(wide ?? 30),
    domains: isWide ? Number(domains) : 8,
    seed: Number(seed),
    entry: await bundledEntry(),
    onDay: print,
  });
  print(reportOf(year));
  expect(faultsOf(year)).toEqual([]);
  // What makes it a year worth surviving did happen.
  expect(new Set(year.weather)).toEqual(new Set(["calm", "rough", "outage", "slow edge", "kill"]));
  expect(year.runs).toContain("killed");
  expect(year.questions.length).toBeGreaterThan(0);
  expect(new Set(year.changes.map(({ allowedBy }) => allowedBy))).toEqual(new Set(["standing approval", "person"]));
  expect(year.changes.map(({ operation }) => operation)).toContain("ApplyCertificate");
});
