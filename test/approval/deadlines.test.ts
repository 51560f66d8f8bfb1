import { expect, it } from "vitest";
import { Timekeeper } from "../../src/approval/deadlines.js";

/** What has ended does not begin again, whatever the clocks do afterwards. */

function clocks() {
  const at = { wall: 1_000_000, monotonic: 5_000 };
  const time = new Timekeeper({ now: () => new Date(at.wall), elapsed: () => at.monotonic });
  return { at, deadline: time.deadline(60_000) };
}

it.each([
  ["by a millisecond", -1],
  ["by a second", -1_000],
  ["by as much as is tolerated", -2_000],
  ["by an hour", -3_600_000],
])("a deadline that has passed stays passed when the wall clock falls back %s", (_how, ms) => {
  const { at, deadline } = clocks();
  at.wall += 60_000;
  expect(deadline.passed).toBe(true);
  at.wall += ms;
  expect(deadline.passed).toBe(true);
});

it("one ends by the monotonic clock where the wall clock is slower by as much as is tolerated", () => {
  const { at, deadline } = clocks();
  at.monotonic += 60_000;
  at.wall += 58_000;
  expect([deadline.passed, deadline.clockSetBack]).toEqual([true, false]);
});

it.each(["passed", "clockSetBack"] as const)(
  "one that has not passed ends when the wall clock is set back: %s",
  (says) => {
    const { at, deadline } = clocks();
    at.wall += 10_000;
    expect(deadline.passed).toBe(false);
    at.wall -= 2_001;
    expect(deadline[says]).toBe(true);
    at.wall += 2_001;
    expect([deadline.passed, deadline.clockSetBack]).toEqual([true, true]);
  },
);

it("what is left of one is told by whichever clock is faster, and nothing is once it has passed", () => {
  const { at, deadline } = clocks();
  at.wall += 10_000;
  at.monotonic += 11_000;
  expect(deadline.left).toBe(49_000);
  at.wall += 30_000;
  expect(deadline.left).toBe(20_000);
  at.wall -= 10_000;
  expect(deadline.left).toBe(0);
});

it("one that has not passed outlives a correction of the wall clock", () => {
  const { at, deadline } = clocks();
  at.wall += 59_999;
  expect(deadline.passed).toBe(false);
  at.wall -= 2_000;
  expect([deadline.passed, deadline.clockSetBack]).toEqual([false, false]);
  at.wall += 2_001;
  expect(deadline.passed).toBe(true);
});
