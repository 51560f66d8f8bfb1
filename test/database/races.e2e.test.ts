import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";
import { auditEntry } from "../../src/audit/entry.js";
import { verifiedLines, verifyAudit } from "../../src/audit/verify.js";
import { account, at } from "../jobs/support.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";
import { sharedBy } from "./shared.js";
import { application, standingApprovalsOf, termsFor } from "./support.js";

/** Operations that several processes race for, in all: RACES=10000 for all of them (npm run races). */
const RACES = Number(process.env.RACES ?? 600);
const PROCESSES = 6;

const postgres = usePostgres();

const told = z.union([
  z.object({ ready: z.literal(true) }).strict(),
  z.object({ use: z.string(), plan: z.string() }).strict(),
  z.object({ append: z.string() }).strict(),
  z.object({ opened: z.string(), key: z.string() }).strict(),
]);

/** Starts a racer; it waits until `go`, and `done` has what was granted to it. */
async function racer(settings: Readonly<Record<string, unknown>>) {
  const script = fileURLToPath(new URL("racer.js", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ["pipe", "pipe", "inherit"] });
  const granted: Exclude<z.output<typeof told>, { ready: true }>[] = [];
  const exited = once(child, "exit");
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = told.parse(JSON.parse(line));
      if ("ready" in said) resolve();
      else granted.push(said);
    });
  });
  return {
    go: () => child.stdin.write("go\n"),
    done: async () => {
      expect((await exited)[0]).toBe(0);
      return granted;
    },
  };
}

const countBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string) => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
};

it.skipIf(postgresBin === undefined)(
  `${RACES} uses, claims and lines of ${PROCESSES} processes on one database: none granted twice, none lost`,
  { ...wide, timeout: 600_000 + RACES * 200 },
  async () => {
    const share = Math.ceil(RACES / PROCESSES / 4);
    const shared = await sharedBy(postgres());
    // Twice as many tries as there are uses.
    const approvals = Array.from({ length: 5 }, (_, index) => `sa-${String(index).padStart(8, "0")}`);
    const usesOfEach = Math.floor((share * PROCESSES * 2) / approvals.length / 2);
    const standing = standingApprovalsOf(shared.state);
    for (const id of approvals) await standing.give(termsFor(usesOfEach, id), `given-${id}`);
    const jobs = Array.from({ length: share }, (_, index) => String(index).padStart(64, "0"));
    const settings = (name: string) => ({
      url: shared.url,
      key: shared.env.SHARED_KEY,
      name,
      uses: Array.from({ length: share * 2 }, (_, index) => approvals[index % approvals.length]),
      appends: share,
      jobs,
      certificate: { sha256: "b".repeat(64), names: ["a.example.com"], notAfter: at(90), source: {} },
      target: { id: "cdn a", service: "alibaba-cdn", account, name: "CDN domain a", state: "pending" },
      application,
    });
    const racers = await Promise.all(Array.from({ length: PROCESSES }, (_, index) => racer(settings(`p${index}`))));
    for (const { go } of racers) go();
    const granted = (await Promise.all(racers.map(({ done }) => done()))).flat();

    const uses = granted.flatMap((each) => ("use" in each ? [each] : []));
    expect(countBy(uses, ({ use }) => use)).toEqual(new Map(approvals.map((id) => [id, usesOfEach])));
    expect(new Set(uses.map(({ plan }) => plan)).size).toBe(uses.length);
    for (const { id, state, uses: counted } of await standing.list()) {
      const plans = uses.filter(({ use }) => use === id).map(({ plan }) => plan);
      expect(state).toBe("spent");
      expect(counted.map(({ planId }) => planId).toSorted()).toEqual(plans.toSorted());
    }

    const opened = granted.flatMap((each) => ("opened" in each ? [each] : []));
    expect(opened.map(({ key }) => key).toSorted()).toEqual(jobs);
    expect(await shared.countJobs()).toBe(jobs.length);

    expect(await verifyAudit(shared.audit)).toMatchObject({ ok: true, notes: [] });
    const appended: string[] = [];
    for await (const { entry } of verifiedLines(shared.audit)) {
      const line = auditEntry.parse(entry);
      if (line.event === "sending") appended.push(line.planId);
    }
    const promised = granted.flatMap((each) => ("append" in each ? [each.append] : []));
    expect(promised).toHaveLength(share * PROCESSES);
    expect(appended.toSorted()).toEqual(promised.toSorted());
    await shared.close();
  },
);
