import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../support/width.js";
import { stories } from "./commands.js";
import { Simulation } from "./simulation.js";

/** 20,000 by `npm run gate-model`. */
const numRuns = Number(process.env.GATE_MODEL_RUNS ?? runs(200, 2_000));

it("in every order of calls, decisions, ends and clocks, what is sent was approved: exactly that, once, and in time", {
  timeout: 600_000 + numRuns * 100,
}, async () => {
  const seen = {
    interleavings: 0,
    calls: 0,
    questions: 0,
    sends: 0,
    "told that it was done": 0,
    "void by the clock": 0,
  };
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), stories, async (scheduler, { wishes, first, events }) => {
      const simulation = new Simulation(scheduler, wishes);
      for (const [process, which] of first) simulation.call(process, simulation.wish(which), "accepted");
      await fc.scheduledModelRun(scheduler, () => ({ model: {}, real: simulation }), events);
      await scheduler.waitIdle();
      simulation.endQuestions();
      await scheduler.waitIdle();
      const ended = (part: string) => simulation.calls.filter(({ ended }) => ended?.includes(part)).length;
      seen.interleavings += 1;
      seen.calls += simulation.calls.length;
      seen.questions += simulation.shown.length;
      seen.sends += simulation.sends.length;
      seen["told that it was done"] += ended("has been used");
      seen["void by the clock"] += ended("clock was set back") + ended("given with the call has expired");
      expect(simulation.atRest()).toEqual([]);
    }),
    { numRuns, endOnFailure: true },
  );
  process.stderr.write(`${JSON.stringify(seen)}\n`);
  // The stories are worth something only if the gate opens in them.
  expect(seen.sends).toBeGreaterThan(numRuns / 20);
  expect(seen["told that it was done"]).toBeGreaterThan(0);
});
