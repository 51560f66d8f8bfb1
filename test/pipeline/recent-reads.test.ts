import { expect, it } from "vitest";
import { int, reply } from "../../src/catalogue/results.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { TtlCache } from "../../src/mcp/account-cache.js";
import { createToolContext } from "../../src/pipeline/call-context.js";
import { RecentReads } from "../../src/pipeline/recent-reads.js";
import { startSandbox } from "../../src/sandbox/server.js";
import { connectClient } from "../support/sandbox-client.js";

/** How old something is, is not known once the clock was set back: it is read again. */

let time = Date.parse("2026-05-01T00:00:00Z");
const now = () => new Date(time);
const HOUR = 3_600_000;

it("a list that was read before the clock was set back is read again", async () => {
  const reads = new RecentReads(now);
  const asked: number[] = [];
  const list = async () => {
    const since = time - HOUR;
    return (await reads.get(describeCertificates, {}, since, async () => ({ TotalCount: asked.push(time) }))).reply;
  };
  expect([await list(), await list()]).toEqual([{ TotalCount: 1 }, { TotalCount: 1 }]);
  time -= 24 * HOUR;
  expect([await list(), await list()]).toEqual([{ TotalCount: 2 }, { TotalCount: 2 }]);
});

it("a list that was read while a change was sent is read again", async () => {
  const reads = new RecentReads(now);
  const list = async (read: () => number) =>
    (await reads.get(describeCertificates, {}, 0, async () => ({ TotalCount: read() }))).reply;
  const before = () => {
    reads.forget();
    return 1;
  };
  expect([await list(before), await list(() => 2)]).toEqual([{ TotalCount: 1 }, { TotalCount: 2 }]);
});

it("and so is what is cached for a while", async () => {
  const cache = new TtlCache<number>(HOUR, now);
  const asked: number[] = [];
  const value = () => cache.get("key", async () => asked.push(time));
  expect([await value(), await value()]).toEqual([1, 1]);
  time -= 24 * HOUR;
  expect([await value(), await value()]).toEqual([2, 2]);
});

it("of a reply, only what its operation declares is kept", async () => {
  const sandbox = await startSandbox();
  const { client, transport } = connectClient(sandbox, () => new Date());
  try {
    const recentReads = new RecentReads(() => new Date());
    const caller = { signal: new AbortController().signal };
    const given = { cloud: client, recentReads, references: {}, otherAccounts: [] };
    const context = createToolContext(
      Object.assign(Object.create(null), { caller }),
      Object.assign(Object.create(null), given),
    );
    const counted = { ...describeCertificates, result: reply({ TotalCount: int() }) };
    const kept = await context.readSince(0, counted, {});
    expect(kept.reply).toEqual({ TotalCount: sandbox.account.ssl.certificates.size });
    expect(await context.readSince(0, counted, {})).toBe(kept);
  } finally {
    await transport.close();
    await sandbox.close();
  }
});
