import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { it } from "vitest";
import { CallDeadline } from "../../src/cloud/deadline.js";

it("a deadline ends what waits for nothing else, even if the garbage collector runs meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("the garbage collector cannot be called");
  // As a request does that was sent with the signal and is never answered.
  const waiting = () => {
    const { signal } = new CallDeadline(50, new AbortController().signal, () => performance.now());
    return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  };
  const ended = waiting();
  collect();
  collect();
  await ended;
});
