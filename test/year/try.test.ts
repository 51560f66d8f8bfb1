import { it } from "vitest";
import { simulateYear } from "./year.js";
it("runs", async () => {
  const year = await simulateYear({ days: Number(process.env.DAYS ?? 10), domains: Number(process.env.DOMAINS ?? 8), seed: 1, onDay: (t) => process.stderr.write(`${t}\n`) });
  console.log(year.failures, year.weather, year.faults, year.killed, year.sights.filter((s) => s.fault), year.requests.length);
});
