import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/catalogue/operation.js";
import { describeCertificate } from "../../src/catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { RateLimit, type RateSlot, type Rates } from "../../src/cloud/rate-limit.js";
import { Database } from "../../src/database/database.js";
import { SharedRates, type SharedRatesOptions } from "../../src/database/rates.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { postgresBin, startPostgres, usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";

/** Three calls in a tenth of a second. */
const calls = 3;
const period = 100;
const paced = (operation: Operation, perSeconds = period / 1000): Operation => ({
  ...operation,
  service: { ...operation.service, rate: { calls, perSeconds, per: "operation" } },
});
const operation = paced(describeCertificates);
/** Its places come free long after any test. */
const slow = paced(describeCertificates, 600);

const time = {
  elapsed: () => performance.now(),
  pause: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
};
const never = new AbortController().signal;
const long = 60_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function shared(url: string, options: Partial<SharedRatesOptions> = {}): Rates {
  const database = new Database({ url, log: () => {} });
  closing.push(() => database.close());
  return new SharedRates({ database, accountOf: () => "shop", random: Math.random, ...time, ...options });
}

async function placeIn(rates: Rates, atMost = long, signal = never, of = operation): Promise<RateSlot> {
  const place = await rates.enter(of, atMost, signal);
  if (place === undefined) throw new Error("there was no place");
  return place;
}

/** Calls that take `callMs`, over whichever of the rates; gives when each began and ended. */
async function carriedOut(all: readonly Rates[], count: number, callMs: () => number) {
  const times: { readonly began: number; readonly ended: number }[] = [];
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const rates = all[index % all.length];
      if (rates === undefined) throw new Error("there are no rates");
      const place = await placeIn(rates);
      const began = performance.now();
      await setTimeout(callMs());
      const ended = performance.now();
      place.leave();
      times.push({ began, ended });
    }),
  );
  return times.toSorted((a, b) => a.began - b.began);
}

/** Whoever began took the place of one that had been answered a whole window before. The clocks read to about a millisecond. */
function expectWithinRate(times: Awaited<ReturnType<typeof carriedOut>>) {
  for (const { began } of times) {
    const holding = times.filter((other) => other.began <= began && other.ended + period - 2 > began);
    expect(holding.length).toBeLessThanOrEqual(calls);
  }
}

/** What both keep. */
function suite(make: () => Promise<Rates>) {
  it("no more calls are in progress, or were answered within one window, than the vendor allows", async () => {
    const times = await carriedOut([await make()], 12, () => Math.random() * 40);
    expect(times).toHaveLength(12);
    expectWithinRate(times);
  });

  it("who would wait too long is told so, and has taken nothing", async () => {
    const rates = await make();
    const [first, ...others] = await Promise.all(
      Array.from({ length: calls }, () => placeIn(rates, long, never, slow)),
    );
    for (const place of others) place.leave();
    expect(await rates.enter(slow, 50, never)).toBeUndefined();
    first?.giveBack();
    expect(await placeIn(rates, long, never, slow)).toBeDefined();
    expect(await rates.enter(slow, 50, never)).toBeUndefined();
  });

  it("a call that is cancelled while it waits leaves its turn to the next", async () => {
    const rates = await make();
    const held = await Promise.all(Array.from({ length: calls }, () => placeIn(rates)));
    const gaveUp = new AbortController();
    const cancelled = rates.enter(operation, long, gaveUp.signal);
    const next = placeIn(rates);
    gaveUp.abort();
    expect(await cancelled).toBeUndefined();
    held[0]?.leave();
    expect(await next).toBeDefined();
  });

  it("a place of a call that was never sent is free at once", async () => {
    const rates = await make();
    for (let turn = 0; turn < 4 * calls; turn++) (await placeIn(rates, long, never, slow)).giveBack();
    // Had they counted, there would be no place for minutes.
    expect(await Promise.all(Array.from({ length: calls }, () => placeIn(rates, long, never, slow)))).toHaveLength(
      calls,
    );
  });

  it("operations that the vendor counts apart do not wait for each other", async () => {
    const rates = await make();
    await Promise.all(Array.from({ length: calls }, () => placeIn(rates)));
    expect(await rates.enter(paced(describeCertificate), 0, never)).toBeDefined();
  });

  it("throttling slows down what comes next, and successes make up for it", async () => {
    const rates = await make();
    await placeIn(rates).then((place) => place.leave());
    for (let times = 0; times < 8; times++) rates.throttled(operation);
    const nextAfter = async () => {
      const held = await Promise.all(Array.from({ length: calls }, () => placeIn(rates)));
      for (const place of held) place.leave();
      const began = performance.now();
      (await placeIn(rates)).leave();
      return performance.now() - began;
    };
    await expect.poll(nextAfter).toBeGreaterThan(4 * period);
  });
}

describe("the rates of one process", () => suite(async () => new RateLimit(time)));

describe.skipIf(postgresBin === undefined)("the rates that servers share", () => {
  const postgres = usePostgres();
  suite(async () => shared(await postgres().freshUrl()));

  it("hold for all of them together", wide, async () => {
    const url = await postgres().freshUrl();
    expectWithinRate(await carriedOut([shared(url), shared(url), shared(url)], 18, () => Math.random() * 40));
  });

  it("are counted for each account by itself", async () => {
    const url = await postgres().freshUrl();
    const [shop, blog] = [shared(url), shared(url, { accountOf: () => "blog" })];
    await Promise.all(Array.from({ length: calls }, () => placeIn(shop)));
    expect(await blog.enter(operation, 0, never)).toBeDefined();
    expect(await shop.enter(operation, 0, never)).toBeUndefined();
  });

  it("come free by themselves when a server is gone, one window after the longest call", async () => {
    const url = await postgres().freshUrl();
    const lease = 200;
    const [gone, other] = [shared(url, { lease }), shared(url)];
    const began = performance.now();
    await Promise.all(Array.from({ length: calls }, () => placeIn(gone)));
    await placeIn(other);
    expect(performance.now() - began).toBeGreaterThanOrEqual(lease + period);
  });

  it("are not freed a second time by a server that was taken to be gone", async () => {
    const url = await postgres().freshUrl();
    const [slow, other] = [shared(url, { lease: 1 }), shared(url)];
    const late = await Promise.all(Array.from({ length: calls }, () => placeIn(slow)));
    const held = await Promise.all(Array.from({ length: calls }, () => placeIn(other)));
    for (const place of late) place.leave();
    expect(await other.enter(operation, 2 * period, never)).toBeUndefined();
    expect(held).toHaveLength(calls);
  });

  it("let nothing be sent while the database is away, and come back with it", wide, async () => {
    const away = await startPostgres();
    closing.push(() => away.end());
    const rates = shared(await away.freshUrl());
    (await placeIn(rates)).leave();
    await away.stop("immediate");
    const failure = await rates.enter(operation, long, never).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ToolError);
    expect(failure).toMatchObject({
      details: {
        changed: "no",
        sent: false,
        happened: expect.stringContaining("DescribeCertificates was not sent. The database"),
      },
    });
    await away.start();
    await expect
      .poll(() => rates.enter(operation, long, never).catch(() => undefined), { timeout: 600_000 })
      .toBeDefined();
  });
});
