import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { approvesByToken } from "../../support/assistant.js";
import { Company, domains, everywhere, type Files, referring, report } from "./support.js";

/** A process that is killed at any moment of a deployment must not cost more than a second call. */

const KILLS = 50;
const AT_ONCE = 8;

interface Place {
  readonly company: Company;
  readonly files: Files;
  readonly args: Record<string, unknown>;
}

async function open(): Promise<Place> {
  const company = await Company.open();
  const files = await company.issue("next");
  return { company, files, args: { ...referring(files), targets: everywhere(company) } };
}

const start = ({ company }: Place) => company.assistant(approvesByToken, { hostApproves: true });

/** How long a deployment takes that nobody disturbs, in milliseconds. */
async function undisturbed(): Promise<number> {
  const place = await open();
  const assistant = await start(place);
  const begun = performance.now();
  await assistant.result("deploy_certificate", place.args);
  const took = performance.now() - begun;
  await assistant.close();
  await place.company.close();
  return took;
}

/** Kills a deployment after `ms`, runs it again, and says what is then otherwise than it should be. */
async function killedAfter(ms: number): Promise<string[]> {
  const place = await open();
  const { company, files, args } = place;
  const killed = await start(place);
  const call = killed.call("deploy_certificate", args).catch(() => undefined);
  await setTimeout(ms);
  process.kill(killed.pid, "SIGKILL");
  await call;
  await killed.close();
  const before = company.done();

  const again = await start(place);
  const { targets } = report.parse(await again.result("deploy_certificate", args));
  await again.close();

  const faults: string[] = [];
  const say = (what: string) => faults.push(`killed after ${ms.toFixed(0)} ms (${before.length} changes): ${what}`);
  for (const { target, state, says } of targets) {
    if (state !== "served" && state !== "unchanged") say(`${target} is ${state}: ${says}`);
  }
  for (const domain of domains) {
    const served = await company.served(domain);
    if (served.some((leaf) => leaf !== files.sha256)) say(`${domain} does not serve it everywhere`);
  }
  const changes = company.done().filter((line) => !line.startsWith("Up"));
  if (new Set(changes).size !== changes.length) say(`deployed twice: ${changes.join("; ")}`);
  const { certificates, deployments } = company.sandbox.account.ssl;
  if (deployments.size !== 1) say(`${deployments.size} deployment records`);
  const copies = [...certificates.values()].filter(({ material }) => material && isIt(material, files));
  if (copies.length !== 1) say(`uploaded ${copies.length} times`);
  const names = readdirSync(join(company.home, ".local", "state", "cloudcert-mcp", "jobs"));
  const written = names.filter((name) => name.endsWith(".json")).length;
  const readable = (await company.journal.list()).length;
  if (readable !== written || readable !== 1) say(`${readable} of ${written} jobs in the journal can be read`);
  await company.close();
  return faults;
}

const isIt = (material: { parsed: { leaf: { fingerprint256: string } } }, { sha256 }: Files) =>
  material.parsed.leaf.fingerprint256.replaceAll(":", "").toLowerCase() === sha256;

it(`after each of ${KILLS} kills, the second call ends with everything served and nothing done twice`, async () => {
  const whole = await undisturbed();
  const moments = Array.from({ length: KILLS }, (_, index) => ((index + Math.random()) / KILLS) * whole);
  const faults: string[] = [];
  const worker = async () => {
    for (let ms = moments.pop(); ms !== undefined; ms = moments.pop()) faults.push(...(await killedAfter(ms)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(faults).toEqual([]);
});
