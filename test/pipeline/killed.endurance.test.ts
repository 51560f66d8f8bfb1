import { describe, expect, it } from "vitest";
import { wasSent } from "../../src/jobs/requests.js";
import type { PlannedTarget } from "../../src/pipeline/tool.js";
import { Renaming, renamed, statesIn } from "./renaming.js";

describe("a job that is killed at any two moments", () => {
  const names = ["one", "two"];
  const all = names.map((name) => renamed(name));

  /** As deploy_certificate plans: what is recorded as accepted stays, what can be seen counts, the rest is sent. */
  async function plannedFor(job: Renaming, isVisible: boolean): Promise<PlannedTarget[]> {
    const recorded = new Map((await job.newest())?.targets.map((target) => [target.id, target]));
    return all.map(({ target, ...more }) => {
      const isThere = isVisible && job.sent.some(([alias]) => alias === target.id);
      const known = recorded.get(target.id);
      if (known?.state === "accepted") return { target: known };
      return isThere ? { target: { ...target, state: "accepted" } } : { target, ...more };
    });
  }

  /** Runs it until it ends or is killed; says whether it was, with what then is not on record. */
  async function killedAfter(moments: number, job: Renaming, isVisible: boolean) {
    job.lives = moments;
    const isKilled = await job.run(await plannedFor(job, isVisible)).then(
      () => false,
      () => true,
    );
    job.lives = Number.POSITIVE_INFINITY;
    const targets = (await job.newest())?.targets ?? [];
    const mayBeThere = new Set(targets.flatMap((each) => (wasSent(each) ? [each.id] : [])));
    return { isKilled, unrecorded: job.sent.filter(([alias]) => !mayBeThere.has(String(alias))) };
  }

  it.each([
    ["can be seen is sent once", true],
    ["cannot be seen is on record until it is accepted", false],
  ])("ends with all accepted; what reached the cloud and %s", async (_, isVisible) => {
    let first = 0;
    for (let isOver = false; !isOver; first++) {
      for (let second = 0, isAgainOver = false; !isAgainOver; second++) {
        const job = new Renaming();
        const once = await killedAfter(first, job, isVisible);
        const twice = await killedAfter(second, job, isVisible);
        expect([first, second, once.unrecorded, twice.unrecorded]).toEqual([first, second, [], []]);
        await killedAfter(Number.POSITIVE_INFINITY, job, isVisible);
        expect([first, second, statesIn((await job.newest())?.targets ?? [])]).toEqual([
          first,
          second,
          "accepted,accepted",
        ]);
        if (isVisible) expect(job.sent.map(([alias]) => alias).toSorted()).toEqual(names);
        isOver = !once.isKilled;
        isAgainOver = !twice.isKilled;
      }
    }
    expect(first).toBeGreaterThan(12);
  });
});
