import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../../src/", import.meta.url));
const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, source: readFileSync(`${src}${name}`, "utf8") }));

/** The lines with something, as "file: line". */
function linesWith(what: RegExp): readonly string[] {
  return sources.flatMap(({ name, source }) =>
    source
      .split("\n")
      .filter((line) => what.test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
}

describe("time limits", () => {
  /**
   * In Node.js 20 a signal of AbortSignal.any() does not keep the signals that it is made of: a timer that nothing else
   * holds is collected with its signal, and never fires. CallDeadline holds both.
   */
  it("are no signals of a timer joined with others: the garbage collector may take the timer", () => {
    const held = [
      // Both are aborted by what the process holds: its signals, and its listeners for defects.
      "http/serve.ts: const end = AbortSignal.any([stop, defect]);",
      "server/serve.ts: await serveOffers({ configuration, env, offers, redactor, log }, AbortSignal.any([stop, defect]));",
      // The call holds its own signal, and the function that waits the other.
      "tls-check/addresses.ts: const over = setTimeout(ms, undefined, { signal: AbortSignal.any([signal, settled.signal]) });",
      "tls-check/network-check.ts: const shared = AbortSignal.any([signal]);",
    ];
    expect(linesWith(/AbortSignal\.any\(/).toSorted()).toEqual(held);
  });

  /** Node.js keeps the timer of a signal as long as somebody listens to that signal itself. */
  it("by AbortSignal.timeout() are given to what listens to them itself", () => {
    const listeners = [
      "accounts/roles/assumed.ts: await deps.pause(FIRST_PAUSE * attempt, AbortSignal.timeout(ATTEMPT)).catch(() => {});",
      "accounts/roles/assumed.ts: const reply = await deps.exchange(request, AbortSignal.timeout(ATTEMPT), ATTEMPT);",
      'doctor/network.ts: await once(socket, "connect", { signal: AbortSignal.timeout(PROXY_PATIENCE) });',
      "identity/issuer.ts: const signal = AbortSignal.timeout(times.request);",
    ];
    expect(linesWith(/AbortSignal\.timeout\(/).toSorted()).toEqual(listeners);
  });
});
