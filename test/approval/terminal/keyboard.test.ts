import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Keyboard } from "../../../src/approval/terminal/keyboard.js";

/** A keyboard whose clock the test moves. */
function keyboard() {
  const input = Object.assign(new PassThrough(), { setRawMode: () => {} });
  const clock = { ms: 1_000 };
  return { keys: new Keyboard(input, new PassThrough(), () => clock.ms), input, clock };
}

it("an answer that comes faster than a person reads is none", async () => {
  const { keys, input, clock } = keyboard();
  const answer = keys.ask("Approve? ", new AbortController().signal);
  await new Promise(setImmediate).then(() => new Promise(setImmediate));
  clock.ms += 299;
  input.write("y\r");
  await new Promise(setImmediate);
  clock.ms += 301;
  input.write("n\r");
  expect(await answer).toBe("n");
  keys.close();
});
