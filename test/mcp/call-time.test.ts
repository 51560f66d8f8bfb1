import { describe, expect, it } from "vitest";
import { callTimes } from "../../src/config/options.js";
import { CallTime } from "../../src/mcp/call-time.js";

const anyClient = { name: "some client", takesProgress: false };
const timedOut = "McpError: MCP error -32001: Request timed out";

describe("the time of a call", () => {
  it.each([
    ["some client", false, callTimes.usual],
    // That it asks for progress does not tell whether progress gives it more time: the Inspector's minute is a total.
    ["some client", true, callTimes.usual],
    ["inspector-client", true, callTimes.usual],
    ["mcporter", true, callTimes.usual],
    ["claude-code", true, callTimes.extended],
    ["opencode", true, callTimes.extended],
    // Without a token there is no progress to give it more time.
    ["opencode", false, callTimes.usual],
  ])("of %s, asked for progress: %s, is %d ms", (name, takesProgress, time) => {
    expect(new CallTime(callTimes).timeLimitFor({ name, takesProgress })).toBe(time);
  });

  it("is the operator's where it is set", () => {
    expect(
      new CallTime({ ...callTimes, callTime: 20_000 }).timeLimitFor({ name: "claude-code", takesProgress: true }),
    ).toBe(20_000);
    expect(new CallTime({ ...callTimes, approvalWait: 300_000 }).timeLimitFor(anyClient)).toBe(300_000);
    expect(new CallTime({ ...callTimes, approvalWait: 1_000 }).timeLimitFor(anyClient)).toBe(callTimes.usual);
    expect(new CallTime({ ...callTimes, callTime: 20_000, approvalWait: 300_000 }).timeLimitFor(anyClient)).toBe(
      20_000,
    );
  });
});

describe("a client that gave a call up", () => {
  it.each([
    timedOut,
    "McpError: MCP error -32001: Maximum total timeout exceeded",
    "TimeoutError: The operation was aborted due to timeout",
    new Error("Timed out after 10 s"),
  ])("because its time was over is answered before that from then on: %s", (reason) => {
    const time = new CallTime(callTimes);
    time.recordGivenUp(10_000, reason);
    expect(time.timeLimitFor(anyClient)).toBe(8_000);
    time.recordGivenUp(12_000, reason);
    expect(time.timeLimitFor(anyClient)).toBe(8_000);
    time.recordGivenUp(5_000, reason);
    expect(time.timeLimitFor(anyClient)).toBe(4_000);
  });

  it.each([undefined, "", "AbortError: This operation was aborted", "The user pressed Esc", "sometimes"])(
    "for another reason has told nothing of its limit: %s",
    (reason) => {
      const time = new CallTime(callTimes);
      time.recordGivenUp(1_000, reason);
      expect(time.timeLimitFor(anyClient)).toBe(callTimes.usual);
    },
  );
});
