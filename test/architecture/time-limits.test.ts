import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../../src/", import.meta.url));
const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, source: readFileSync(`${src}${name}`, "utf8") }));

/** The files with something outside of comments, each as often as it has it. */
function filesWith(what: RegExp): readonly string[] {
  return sources
    .flatMap(({ name, source }) => {
      const lines = source.split("\n").filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line));
      return lines.filter((line) => what.test(line)).map(() => name);
    })
    .toSorted();
}

describe("time limits", () => {
  it("are measured by the monotonic clock: people and the network set the one on the wall", () => {
    const allowed = [
      // Told to people; the approval itself ends by whichever clock is faster.
      "approval/approval-store.ts",
      // What the clock of a cloud shows.
      "cloud/clock-skew.ts",
      // Of a change, which ends by whichever clock is faster, like its approval.
      "cloud/deadline.ts",
      // Of a log-in, which the identity provider limits by its own clock, too.
      "http/pages/pending-logins.ts",
      // Days, kept in a file.
      "identity/tokens-command.ts",
      // Only told.
      "unattended/renewal/renew-command.ts",
    ];
    const ofTheWall = /now\(\)\.getTime\(\) \+|Date\.now\(\) \+/;
    expect(filesWith(ofTheWall).filter((name) => !name.startsWith("sandbox/"))).toEqual(allowed);
  });

  /**
   * In Node.js 20 a signal of AbortSignal.any() does not keep the signals that it is made of: a timer that nothing else
   * holds is collected with its signal, and never fires. CallDeadline holds both.
   */
  it("are no signals joined with others, which the garbage collector may take", () => {
    const allowed = [
      // The call holds its signal, and the look that waits the other.
      "approval/permit-issuer.ts",
      // Of what the process holds: its own signals, and its listeners for defects.
      "http/serve.ts",
      "server/serve.ts",
      // The call holds its signal, and the function that waits the other.
      "tls-check/addresses.ts",
      "tls-check/network-check.ts",
    ];
    expect(filesWith(/AbortSignal\.any\(/)).toEqual(allowed);
  });

  /** Node.js keeps the timer of a signal as long as somebody listens to that signal itself. */
  it("by AbortSignal.timeout() are given to what listens to them itself", () => {
    const allowed = [
      "accounts/roles/assumed.ts",
      "accounts/roles/assumed.ts",
      "doctor/network.ts",
      "identity/issuer.ts",
    ];
    expect(filesWith(/AbortSignal\.timeout\(/)).toEqual(allowed);
  });
});
