import { rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import { ToolError } from "../../src/lib/tool-error.js";
import type { PlannedTarget, Supply } from "../../src/pipeline/tool.js";
import { certificate, now, permitFromNow, Renaming, renamed } from "./renaming.js";

describe("a job", () => {
  it("is in the journal before each step is sent, and after its reply", async () => {
    const job = new Renaming();
    expect(await job.run([renamed("one"), renamed("two")])).toMatchObject({ states: "accepted,accepted" });
    expect(job.sent).toEqual([
      ["one", "sending,pending"],
      ["two", "accepted,sending"],
    ]);
    expect(await job.newest()).toMatchObject({ endedAt: now().toISOString(), targets: [{ requestId: "r0" }, {}] });
    expect((await job.newest())?.owner).toBeUndefined();
  });

  it.each([
    [false, "failed,not attempted"],
    [true, "failed,accepted"],
  ])("that goes on after a failure: %s", async (goesOn, states) => {
    const job = new Renaming();
    job.refused.add("one");
    expect(await job.run([renamed("one"), renamed("two")], goesOn)).toMatchObject({ states });
  });

  it.each([
    [false, "accepted,not attempted,not attempted"],
    [true, "accepted,not attempted,accepted"],
  ])(
    "sends nothing to a target that somebody else has changed since, and goes on after that: %s",
    async (goesOn, states) => {
      const job = new Renaming();
      job.changed.add("two");
      const known = { ...renamed("two").target, before: { none: true } };
      const all = [renamed("one"), renamed("two", { target: known }), renamed("three")];
      expect(await job.run(all, goesOn)).toMatchObject({ states });
      const two = (await job.newest())?.targets[1];
      expect(two).toMatchObject({ says: "It has changed since the plan was made. Next: Call again." });
      expect([two?.sentAt, two?.before]).toEqual([undefined, undefined]);
    },
  );

  it("whose key was exchanged sends nothing more, even if it goes on after failures", async () => {
    const job = new Renaming();
    job.rotated.add("two");
    const told = await job.run([renamed("one"), renamed("two"), renamed("three")], true);
    expect(told).toMatchObject({ states: "accepted,failed,not attempted" });
    expect(job.sent).toHaveLength(1);
  });

  it("keeps what was there before at a target that could not be looked at again, and has not attempted it", async () => {
    const job = new Renaming();
    job.unseen.add("one");
    const known = { ...renamed("one").target, before: { none: true } };
    expect(await job.run([renamed("one", { target: known })])).toMatchObject({ states: "not attempted" });
    expect((await job.newest())?.targets[0]).toMatchObject({ before: { none: true } });
  });

  it.each([false, true])(
    "whose approval has expired before its first request sends nothing at all; goes on after failures: %s",
    async (goesOn) => {
      const job = new Renaming();
      const { permit, clock } = permitFromNow();
      job.permit = permit;
      clock.ahead = 8 * 3_600_000;
      const told = await job.run([renamed("one"), renamed("two"), renamed("three")], goesOn);
      expect(told).toMatchObject({ states: "not attempted,not attempted,not attempted" });
      expect((await job.newest())?.targets[0]?.says).toContain("The approval given with the call has expired.");
      expect(job.sent).toEqual([]);
    },
  );

  it("whose first request could not be recorded sends nothing once the approval has expired", async () => {
    const job = new Renaming();
    const { permit, clock } = permitFromNow();
    job.permit = permit;
    clock.unrecorded.add("sending");
    job.onProgress = () => {
      if (!clock.unrecorded.has("sending")) clock.ahead = 8 * 3_600_000;
    };
    const told = await job.run([renamed("one"), renamed("two"), renamed("three")], true);
    expect(told).toMatchObject({ states: "failed,not attempted,not attempted" });
    expect(job.sent).toEqual([]);
  });

  it.each([
    ["", [], "accepted"],
    [", unless the key was exchanged before the check", [true], "sending"],
    [", unless the key was exchanged during the check", [false, true], "sending"],
  ])("takes a step without an answer for accepted if a check finds it%s", async (_, exchanged, states) => {
    const job = new Renaming();
    job.unanswered.add("one");
    job.found = { requestId: "found" };
    job.exchanged = [...exchanged];
    expect(await job.run([renamed("one")])).toMatchObject({ states });
  });

  it("that is cancelled before a request is sent has not failed there", async () => {
    const job = new Renaming();
    job.cancelled.add("two");
    expect(await job.run([renamed("one"), renamed("two")])).toMatchObject({ states: "accepted,not attempted" });
    const two = (await job.newest())?.targets[1];
    expect(two).toMatchObject({ says: expect.stringContaining("Cancelled.") });
    expect(two?.sentAt).toBeUndefined();
  });

  it("of which nothing is to be sent leaves no trace", async () => {
    const job = new Renaming();
    const [target] = [renamed("one").target];
    expect(await job.run([{ target: { ...target, state: "unchanged" } }])).toEqual({ states: "unchanged" });
    expect(await job.newest()).toBeUndefined();
  });

  it("sends a step again that is not done yet", async () => {
    const job = new Renaming();
    const { target, step } = renamed("one");
    await job.run([{ target, ...(step && { step: { ...step, pollUntilDone: true } }) }]);
    expect(job.sent).toHaveLength(2);
    expect(await job.newest()).toMatchObject({ targets: [{ requestId: "r1" }] });
  });
});

it("a wave that was sent in part is not reported as one of which nothing was sent", async () => {
  const job = new Renaming();
  job.refused.add("one");
  const inWave = (name: string, wave: number): PlannedTarget => {
    const each = renamed(name);
    return { ...each, target: { ...each.target, wave } };
  };
  const told = await job.run([inWave("one", 1), inWave("two", 2), inWave("three", 2)], true, {
    order: [
      { number: 1, ids: ["one"] },
      { number: 2, ids: ["two", "three"] },
    ],
    ready: async (ids) => (ids.includes("three") ? "three has changed." : undefined),
    prove: async (proven) => ({ job: proven }),
  });
  expect(told).toMatchObject({
    states: "failed,accepted,not attempted",
    stopped: "Nothing more of wave 2 of 2 was sent: three has changed.",
  });
});

it("each wave that follows a proven one may take its time, and one that follows nothing proven may not", async () => {
  const job = new Renaming();
  const names = ["one", "two", "three", "four"];
  await job.run(
    names.map((name, index) => ({ ...renamed(name), target: { ...renamed(name).target, wave: index + 1 } })),
    true,
    {
      order: names.map((name, index) => ({ number: index + 1, ids: [name] })),
      ready: async () => undefined,
      prove: async (sent, ids) => {
        if (ids.includes("three")) return { job: sent };
        const targets = sent.targets.map((target) =>
          ids.includes(target.id) ? { ...target, provenAt: now().toISOString() } : target,
        );
        return { job: await job.journal.save({ ...sent, targets }) };
      },
    },
  );
  expect(job.renewed).toEqual([1, 2]);
});

it("the wave that follows one proven only now, after an earlier run, may take its time, too", async () => {
  const job = new Renaming();
  const { permit, clock } = permitFromNow();
  job.permit = permit;
  const sentEarlier: JobTarget = {
    ...renamed("one").target,
    wave: 1,
    state: "accepted",
    acceptedAt: now().toISOString(),
  };
  const two = renamed("two");
  await job.left(sentEarlier, { ...two.target, wave: 2 });
  const told = await job.run([{ target: sentEarlier }, { ...two, target: { ...two.target, wave: 2 } }], false, {
    order: [
      { number: 1, ids: ["one"] },
      { number: 2, ids: ["two"] },
    ],
    ready: async () => undefined,
    prove: async (sent) => {
      clock.ahead += 9 * 60_000;
      const targets = sent.targets.map((each) =>
        each.id === "one" ? { ...each, provenAt: now().toISOString() } : each,
      );
      return { job: await job.journal.save({ ...sent, targets }) };
    },
  });
  expect(told).toMatchObject({ states: "accepted,accepted" });
  expect(job.sent.map(([alias]) => alias)).toEqual(["two"]);
});

it("a job whose journal can no longer be written sends nothing more, and reports what was accepted", async () => {
  const job = new Renaming();
  job.onSent = () => {
    rmSync(job.folder, { recursive: true });
    writeFileSync(job.folder, "");
  };
  const failure = await job.run([renamed("one"), renamed("two")]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolError);
  expect(failure).toMatchObject({ message: expect.stringContaining("Accepted by the cloud: Rename to one.") });
  expect(failure).toMatchObject({ message: expect.stringContaining("cannot be kept in") });
  expect(job.sent).toHaveLength(1);
});

it("a job whose journal cannot be written is put to nobody", async () => {
  const job = new Renaming();
  let asked = false;
  job.meanwhile = async () => {
    asked = true;
  };
  // Below a file no directory can be made.
  rmSync(dirname(job.folder), { recursive: true });
  writeFileSync(dirname(job.folder), "");
  await expect(job.run([renamed("one")])).rejects.toMatchObject({
    message: expect.stringContaining("cannot be kept in"),
  });
  expect([asked, job.sent]).toEqual([false, []]);
});

describe("a job that is taken up", () => {
  const minuteAgo = new Date(now().getTime() - 60_000).toISOString();
  const hoursAgo = new Date(now().getTime() - 3 * 3_600_000).toISOString();
  const unknownSince = (name: string, sentAt: string): JobTarget => ({
    ...renamed(name).target,
    state: "sending",
    sentAt,
  });

  it("keeps a request of unknown outcome on record until it is sent again", async () => {
    const job = new Renaming();
    await job.left(renamed("one").target, unknownSince("two", minuteAgo));
    await job.run([renamed("one"), renamed("two")]);
    expect(job.sent[0]).toEqual(["one", "sending,sending"]);
  });

  it("does not call it untried where it stops before it", async () => {
    const job = new Renaming();
    await job.left(renamed("one").target, unknownSince("two", minuteAgo));
    job.refused.add("one");
    expect(await job.run([renamed("one"), renamed("two")])).toMatchObject({ states: "failed,sending" });
    expect((await job.newest())?.targets[1]).toMatchObject({ sentAt: minuteAgo });
  });

  it.each([
    ["a minute ago, is still of unknown outcome", minuteAgo, "sending"],
    ["hours ago, has failed: it would have arrived by now", hoursAgo, "failed"],
  ])("and refused a request that was sent before, %s", async (_, sentAt, state) => {
    const job = new Renaming();
    await job.left(unknownSince("one", sentAt));
    job.refused.add("one");
    expect(await job.run([renamed("one")])).toMatchObject({ states: state });
  });

  it.each(["cancelled", "rotated"] as const)(
    "and %s before a request is sent again keeps its unknown outcome, however old",
    async (why) => {
      const job = new Renaming();
      await job.left(unknownSince("one", hoursAgo));
      job[why].add("one");
      expect(await job.run([renamed("one")])).toMatchObject({ states: "sending" });
      const one = (await job.newest())?.targets[0];
      expect(one).toMatchObject({ sentAt: hoursAgo, says: expect.stringContaining("Outcome unknown.") });
    },
  );

  it("keeps what was accepted at a target where nothing can be sent now", async () => {
    const job = new Renaming();
    const before = { none: true };
    const was: JobTarget = {
      ...renamed("one").target,
      state: "accepted",
      sentAt: hoursAgo,
      acceptedAt: hoursAgo,
      before,
    };
    await job.left(was, renamed("two").target);
    await job.run([{ target: { ...renamed("one").target, state: "not attempted", says: "busy" } }, renamed("two")]);
    expect((await job.newest())?.targets[0]).toEqual({ ...was, says: "busy" });
  });

  it("has not ended until it ends again", async () => {
    const job = new Renaming();
    const { id } = await job.left(renamed("one").target);
    let during: Job | undefined;
    const journal = job.journal;
    const save = journal.save.bind(journal);
    journal.save = async (changed) => {
      during ??= changed;
      return save(changed);
    };
    expect(await job.run([renamed("one")])).toMatchObject({ job: id });
    expect(during?.endedAt).toBeUndefined();
    expect((await job.newest())?.endedAt).toBeDefined();
  });

  it("goes on although a look at it was recorded while a person was asked", async () => {
    const job = new Renaming();
    const left = await job.left(
      { ...renamed("one").target, state: "accepted", acceptedAt: minuteAgo },
      renamed("two").target,
    );
    job.meanwhile = () =>
      job.journal.save({
        ...left,
        targets: left.targets.map((each) => (each.id === "one" ? { ...each, says: "seen" } : each)),
      });
    const one: PlannedTarget = { target: { ...renamed("one").target, state: "accepted", acceptedAt: minuteAgo } };
    expect(await job.run([one, renamed("two")])).toMatchObject({ states: "accepted,accepted" });
  });

  it("still knows where its certificate is stored", async () => {
    const job = new Renaming();
    const left = await job.left(renamed("one").target);
    await job.journal.save({ ...left, certificate: { ...certificate, certificateId: "new12345" } });
    await job.run([renamed("one")]);
    expect((await job.newest())?.certificate.certificateId).toBe("new12345");
  });

  it("is left alone if another process sent something meanwhile", async () => {
    const job = new Renaming();
    const left = await job.left(renamed("one").target);
    job.meanwhile = () => job.journal.save({ ...left, targets: [unknownSince("one", minuteAgo)] });
    await expect(job.run([renamed("one")])).rejects.toThrow("The job was resumed by another process");
    expect(job.sent).toEqual([]);
  });
});

it.each([
  ["may not be sent again has an unknown outcome", false, "sending"],
  ["is refused when it is sent again has failed: that is the answer to all of it", true, "failed"],
])("a step that was answered and %s", async (_, sent, state) => {
  const job = new Renaming();
  job.onSent = () => {
    if (job.sent.length > 1)
      throw new ToolError({ kind: "refused", happened: "No.", changed: "no", sent, next: "Ask." });
  };
  const { target, step } = renamed("one");
  const told = await job.run([{ target, ...(step && { step: { ...step, pollUntilDone: true } }) }]);
  expect(told).toMatchObject({ states: state });
});

it("a job of the same call that seems to come from the future does not hide one that was left unfinished", async () => {
  const job = new Renaming();
  const ahead = await job.left({ ...renamed("one").target, state: "served" });
  const tomorrow = new Date(now().getTime() + 24 * 3_600_000).toISOString();
  await job.journal.save({ ...ahead, startedAt: tomorrow });
  const { id } = await job.left(renamed("one").target);
  expect(await job.run([renamed("one")])).toMatchObject({ job: id, states: "accepted" });
  expect(await job.journal.list()).toHaveLength(2);
});

describe("what other steps need", () => {
  const supplyOf = (beforeTargets: boolean): Supply => ({
    step: { name: "Supply", operation: modifyCertificateAlias, params: { CertificateId: "wxyz9876", Alias: "supply" } },
    beforeTargets,
    read: async ({ CertificateId }) => ({
      placeholders: new Map([["NEW", String(CertificateId)]]),
      certificateId: String(CertificateId),
    }),
  });
  const both = (supply: Supply) => [renamed("one", { supply }, "abcd1234"), renamed("two", { supply }, "abcd1234")];

  it("is asked for once, with the first target that needs it; its id is in the journal", async () => {
    const job = new Renaming();
    await job.run(both(supplyOf(false)));
    expect(job.sent.map(([alias]) => alias)).toEqual(["supply", "one", "two"]);
    expect(job.sent[0]).toEqual(["supply", "pending,pending"]);
    expect(await job.newest()).toMatchObject({ certificate: { certificateId: "new12345" } });
  });

  it("and fails is a failure of each of them, asked for once", async () => {
    const job = new Renaming();
    job.refused.add("supply");
    expect(await job.run(both(supplyOf(false)), true)).toMatchObject({ states: "failed,failed" });
    expect(job.sent).toHaveLength(1);
  });

  it("and gets no answer leaves each target untouched: nothing was sent there", async () => {
    const job = new Renaming();
    job.unanswered.add("supply");
    expect(await job.run(both(supplyOf(false)), true)).toMatchObject({ states: "failed,failed" });
    expect((await job.newest())?.targets[0]?.says).toContain("Silence.");
  });

  it("and comes first ends the job where it fails: no target is touched, no job is made", async () => {
    const job = new Renaming();
    job.refused.add("supply");
    await expect(job.run(both(supplyOf(true)))).rejects.toThrow("No.");
    expect([job.sent.length, await job.newest()]).toEqual([1, undefined]);
  });
});
