import { describe, expect, it } from "vitest";
import { ToolError, type ToolErrorDetails } from "../../../src/lib/tool-error.js";
import { type PollResult, pollUntilDone } from "../../../src/tools/wait-for/poll.js";

/** Looks in turn at what `script` says, on a clock that moves with the pauses. */
function polling(script: readonly (PollResult | ToolError)[], timeoutMs: number) {
  let elapsed = 0;
  const pauses: number[] = [];
  const looks = [...script];
  const context = {
    elapsed: () => elapsed,
    pause: async (ms: number) => {
      pauses.push(ms);
      elapsed += ms;
    },
    signal: new AbortController().signal,
    progress: () => {},
  };
  const look = async () => {
    const next = looks.length > 1 ? looks.shift() : looks[0];
    if (next === undefined || next instanceof ToolError) throw next;
    return next;
  };
  return { settled: pollUntilDone(look, timeoutMs, context), pauses };
}

const running: PollResult = { state: "still running", says: "1 of 2 done." };
const done: PollResult = { state: "done", says: "2 of 2 done." };
const failure = (facts: Partial<ToolErrorDetails>) =>
  new ToolError({ kind: "cloud", happened: "It was refused.", changed: "no", next: "Wait.", sent: true, ...facts });
const throttled = failure({ code: "RequestLimitExceeded" });
const unanswered = failure({ happened: "No answer." });

describe("looking until something is settled", () => {
  it("goes on at the pace of the clouds, and looks a last time at the deadline", async () => {
    const { settled, pauses } = polling([running], 20_000);
    expect(await settled).toEqual(running);
    expect(pauses).toEqual([1_000, 2_000, 5_000, 5_000, 5_000, 2_000]);
  });

  it.each([
    ["throttled", throttled],
    ["without an answer", unanswered],
  ])("looks again where a look was %s", async (_name, passing) => {
    expect(await polling([running, passing, done], 60_000).settled).toEqual(done);
    expect(await polling([passing, done], 60_000).settled).toEqual(done);
  });

  it("at the deadline tells what it saw before a look that failed", async () => {
    const { settled } = polling([running, unanswered], 4_000);
    expect(await settled).toEqual({
      state: "still running",
      says: "1 of 2 done. The last check failed: No answer.",
    });
  });

  it("throws where no look succeeded in time", async () => {
    const { settled, pauses } = polling([throttled], 4_000);
    await expect(settled).rejects.toBe(throttled);
    expect(pauses).toEqual([1_000, 2_000, 1_000]);
  });

  it.each([
    failure({ code: "FailedOperation.CertificateNotFound" }),
    failure({ code: "AuthFailure.SecretIdNotFound" }),
    failure({ kind: "configuration" }),
  ])("throws at once what does not pass: $facts.code", async (lasting) => {
    const { settled, pauses } = polling([lasting], 60_000);
    await expect(settled).rejects.toBe(lasting);
    expect(pauses).toEqual([]);
  });
});
