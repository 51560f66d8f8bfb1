import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, offeredToken, type Person, pointedAt, reads, startAssistant } from "../support/assistant.js";
import { neededApproval } from "../support/requests.js";
import { ofRows, rows, wide } from "../support/width.js";
import { send, submit } from "./page/support.js";

/** A wall clock that jumps: an approval lives by the faster of two clocks, and not at all once one was set back. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

const folder = mkdtempSync(join(tmpdir(), "cc-clock-"));
const offset = join(folder, "offset");
const shift = join(folder, "shift.mjs");
writeFileSync(
  shift,
  `import { readFileSync } from "node:fs";
const real = Date.now.bind(Date), RealDate = Date;
const off = () => Number(readFileSync(${JSON.stringify(offset)}, "utf8")) * 1000;
globalThis.Date = class extends RealDate {
  constructor(...a) { a.length ? super(...a) : super(real() + off()); }
  static now() { return real() + off(); }
};`,
);

const clockIsOff = (seconds: number) => writeFileSync(offset, String(seconds));

let assistant: Assistant;
/** A change of its own for each test. */
let rename: Readonly<Record<string, unknown>>;
let renamed = 0;
beforeEach(() => {
  clockIsOff(0);
  renamed += 1;
  rename = { CertificateId: "2Hxefkb5", Alias: `x${renamed}` };
});

function start(flags: readonly string[], person: Person | null = null): Promise<Assistant> {
  clockIsOff(0);
  const { args, env } = pointedAt(sandbox);
  return startAssistant([...args, ...flags], { env: { ...env, NODE_OPTIONS: `--import=${shift}` }, person });
}

/** The tests of a block share a server. */
function serving(...flags: readonly string[]): void {
  beforeAll(async () => {
    assistant = await start(flags);
  });
  afterAll(() => assistant.close());
}

const changes = () => sandbox.requests.filter(neededApproval).length;

async function approve(assistant: Assistant): Promise<number> {
  const link = assistant.links().at(-1) ?? "";
  return (await submit(link, { decision: "approve" })).status;
}

describe("an approval on the page", () => {
  serving("--approve", "page", "--approval-wait", "0.1");

  it.each<[string, number]>(
    rows(
      [
        ["five minutes later by the wall clock", 301],
        ["after the clock was set back by half an hour", -1_800],
        ["after the clock was set back by ten seconds", -10],
        ["after the clock was set back by an hour and a day", -90_000],
      ],
      2,
    ),
  )("is good for nothing %s", ofRows, async (_when, seconds) => {
    const before = changes();
    await assistant.pending("ModifyCertificateAlias", rename);
    expect(await approve(assistant)).toBe(200);
    clockIsOff(seconds);
    expect(await assistant.pending("ModifyCertificateAlias", rename)).toContain("is waiting for approval");
    expect(changes()).toBe(before);
  });

  it("cannot be given once the clock was set back, and the page says so", async () => {
    await assistant.pending("ModifyCertificateAlias", rename);
    clockIsOff(-60);
    expect(await approve(assistant)).toBe(410);
  });

  it("is not open again beside the one that followed it when the clock falls back a little", async () => {
    const before = changes();
    await assistant.pending("ModifyCertificateAlias", rename);
    clockIsOff(300);
    await assistant.pending("ModifyCertificateAlias", rename);
    // By the wall clock alone the first has a moment left.
    clockIsOff(298.1);
    const [first = "", second = ""] = assistant.links().slice(-2);
    expect((await send(first)).status).toBe(410);
    expect((await send(second)).status).toBe(200);
    expect(changes()).toBe(before);
  });

  it("outlives a correction of the clock by a second", async () => {
    const before = changes();
    await assistant.pending("ModifyCertificateAlias", rename);
    await approve(assistant);
    clockIsOff(-1);
    await assistant.call("ModifyCertificateAlias", rename);
    expect(changes()).toBe(before + 1);
  });
});

describe("an approval by token", () => {
  serving("--approve", "token");

  it.each(
    rows(
      [
        [301, /given with the call has expired/],
        [-60, /clock was set back/],
      ],
      1,
    ),
  )("is good for nothing after a jump of %d seconds", ofRows, async (seconds, reason) => {
    const before = changes();
    const approval = offeredToken(await assistant.call("ModifyCertificateAlias", rename));
    clockIsOff(seconds);
    expect(await assistant.failure("ModifyCertificateAlias", { ...rename, approval })).toMatch(reason);
    expect(changes()).toBe(before);
  });
});

describe("an answer in the client's form", () => {
  /** A server of the test's own. */
  async function asking(person: Person): Promise<void> {
    assistant = await start(["--approve", "elicit"], person);
    onTestFinished(() => assistant.close());
  }

  it("that comes faster than a person is none, though the clock jumps ahead meanwhile", async () => {
    const before = changes();
    await asking(() => {
      clockIsOff(2);
      return { action: "accept", content: { approve: true } };
    });
    expect(await assistant.failure("ModifyCertificateAlias", rename)).toContain("answered faster than a person can");
    expect(changes()).toBe(before);
  });

  it(
    "is none once the clock was set back while the form was open, and the record can still be written",
    wide,
    async () => {
      const before = changes();
      const person = reads(() => {
        clockIsOff(-3_600);
        return { action: "accept", content: { approve: true } };
      });
      await asking(person);
      expect(await assistant.failure("ModifyCertificateAlias", rename)).toMatch(
        /clock was set back.*no longer|set back/,
      );
      clockIsOff(0);
      expect(changes()).toBe(before);
    },
  );
});
