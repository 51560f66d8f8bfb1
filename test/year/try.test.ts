import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "vitest";
import { runOnce } from "./run.js";
import { SimulatedClock, Traffic } from "./simulated-clock.js";
import { day, domainsOfYear, openWorld } from "./world.js";

it("runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "year-"));
  const start = Date.UTC(2026, 11, 1);
  let clock: SimulatedClock | undefined;
  const begin = new Date(start);
  const domains = domainsOfYear(8);
  const world = await openWorld({ domains, now: () => clock?.now() ?? begin, edgeStep: () => 20_000, folder: join(folder, "live") });
  const traffic = new Traffic(world.sandbox.edge.addresses.map(({ port }) => port));
  clock = new SimulatedClock(start, traffic);
  clock.forwardTo(start + 3600_000);
  const endpoints = Object.entries(world.sandbox.endpoints).flatMap(([id, url]) => ["--endpoint", `${id}=${url}`]);
  const edge = world.sandbox.edge.addresses.flatMap(({ address, port }) => ["--edge", `${address}:${port}`]);
  const args = [...endpoints, ...edge, "--files", world.acme.folder, "--jobs", join(folder, "jobs"), "--audit-log", join(folder, "audit.jsonl"), "--approve", "elicit", "--timeout", "10"];
  for (let d = 0; d < 6; d++) {
    clock.forwardTo(start + d * day + 2 * 3600_000);
    await world.acme.renew(domains);
    const before = performance.now();
    const out = await runOnce({ args, env: { ...world.sandbox.env }, roots: world.roots, domains, folder: world.acme.folder, answers: true }, clock);
    console.log(d, Math.round(performance.now() - before), clock.now().toISOString(), out.questions.map((q) => q.question), out.failures, world.sandbox.requests.length);
  }
  traffic.close();
  await world.sandbox.close();
});
