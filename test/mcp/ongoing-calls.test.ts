import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { type CallRequest, OngoingCalls, type Work } from "../../src/mcp/ongoing-calls.js";

const request: CallRequest = { signal: new AbortController().signal, time: 0, client: { progress: () => {} } };

/** Each request is answered as soon as nothing else can happen. */
const calls = new OngoingCalls({
  elapsed: () => 0,
  timer: (_, end) => {
    void setImmediate().then(end);
    return () => {};
  },
});

it("that a result is an earlier call's is said with the result, once, and not while there is none", async () => {
  let finish = () => {};
  const sent = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work: Work = async ({ reply }) => {
    reply?.enterStage({ name: "sending" });
    await sent;
    return { result: { done: true }, notes: [] };
  };
  const made = () => calls.answer("deploy_certificate", {}, request, work);
  for (let time = 0; time < 4; time += 1) {
    const said = await made().then(
      () => "a result",
      ({ message }: Error) => message,
    );
    expect(said).toContain("its result is not known yet");
    expect(said).not.toContain("result of the same call");
  }
  finish();
  const { notes } = await made();
  expect(notes).toEqual([expect.stringMatching(/^This is the result of the same call made earlier/)]);
});
