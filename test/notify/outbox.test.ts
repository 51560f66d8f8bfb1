import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { outboxLimits } from "../../src/notify/outbox.js";
import { createNotifier } from "../../src/setup/backend.js";
import { closedPort, listen, stop } from "../support/ports.js";
import { type RunningRobot, runRobot } from "./robots.js";
import { events, receiverOf, robots, start, startNotifier, told } from "./support.js";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function run(...given: Parameters<typeof runRobot>): Promise<RunningRobot> {
  const robot = await runRobot(...given);
  closing.push(() => robot.close());
  return robot;
}

/** A server that treats every request alike. */
async function serve(treat: RequestListener): Promise<string> {
  const server = createServer();
  server.on("request", treat);
  closing.push(() => stop(server));
  return `http://127.0.0.1:${await listen(server)}`;
}

/** Where nothing listens. */
const deadOrigin = `http://127.0.0.1:${closedPort}`;

const done = events["job.done"];

describe("a receiver that is down", () => {
  it("is tried four times, at growing intervals; then the log says it", async () => {
    const notifier = startNotifier([receiverOf("feishu", deadOrigin)]);
    expect(notifier.notify(done)).toBeUndefined();
    expect(notifier.logged).toEqual([]);
    await notifier.done();
    expect(notifier.pauses).toEqual([1_000, 5_000, 20_000]);
    expect(notifier.logged).toEqual([
      expect.stringMatching(/^notify feishu \(1\): not delivered after 4 attempts: job\.done: .*ECONNREFUSED/),
    ]);
  });

  it("costs the next messages one attempt each, until one arrives", async () => {
    const taken = robots.webhook();
    let isUp = false;
    const notifier = { now: () => new Date() };
    const robot = await run(
      (request, now) => (isUp ? taken(request, now) : { status: 502, answer: "" }),
      () => notifier.now(),
    );
    const started = startNotifier([receiverOf("webhook", robot.origin)], {
      log: (line) => {
        logged.push(line);
        if (logged.length === 3) isUp = true;
      },
    });
    const logged: string[] = [];
    notifier.now = started.now;
    for (let count = 0; count < 5; count += 1) started.notify(done);
    await started.done();
    expect(logged.map((line) => /after (\d) attempts/.exec(line)?.[1])).toEqual(["4", "1", "1"]);
    expect(robot.shown()).toHaveLength(2);
    expect(robot.arrived).toHaveLength(4 + 1 + 1 + 2);
  });

  it("does not keep another from hearing of it", async () => {
    const robot = await run(robots.slack());
    const silent = await serve(() => {});
    const notifier = startNotifier([receiverOf("wecom", silent), receiverOf("slack", robot.origin)]);
    notifier.notify(done);
    await robot.answered(1);
    expect(robot.shown()).toEqual([told["job.done"].en]);
  });

  it("keeps no more than a fixed number of messages waiting", async () => {
    const silent = await serve(() => {});
    const limit = new AbortController();
    const notifier = startNotifier([receiverOf("webhook", silent)], {
      deadline: () => ({ signal: limit.signal, close: () => {} }),
    });
    for (let count = 0; count < outboxLimits.waiting + 50; count += 1) notifier.notify(done);
    expect(notifier.logged).toEqual([
      expect.stringMatching(/more than 100 notifications wait; further ones are dropped/),
    ]);
    const ended = notifier.done();
    limit.abort();
    await ended;
    expect(notifier.logged.at(-1)).toMatch(/150 notifications were not sent: the process ends/);
  });
});

describe("a receiver that answers oddly", () => {
  it("is not followed elsewhere", async () => {
    const elsewhere = await run(robots.slack());
    const origin = await serve((_request, response) =>
      response.writeHead(307, { location: `${elsewhere.origin}/services/x` }).end(),
    );
    const notifier = startNotifier([receiverOf("slack", origin)]);
    notifier.notify(done);
    await notifier.done();
    expect(elsewhere.arrived).toEqual([]);
    expect(notifier.logged).toEqual([expect.stringMatching(/HTTP 307, a redirect, which is not followed/)]);
    expect(notifier.pauses).toEqual([]);
  });

  it("is not read to its end", async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write("x".repeat(1_000)));
        response.once("drain", more);
      };
      more();
    });
    const notifier = startNotifier([receiverOf("slack", origin)]);
    notifier.notify(done);
    await notifier.done();
    expect(notifier.logged).toEqual([expect.stringMatching(/the reply is larger than 4096 bytes/)]);
  });

  it("is waited for as it asks, within reason", async () => {
    const taken = robots.slack();
    let count = 0;
    const origin = await run((request, now) => {
      count += 1;
      return count < 3
        ? { status: 429, answer: "rate_limited", headers: { "retry-after": count === 1 ? "30" : "3600" } }
        : taken(request, now);
    });
    const notifier = startNotifier([receiverOf("slack", origin.origin)]);
    notifier.notify(done);
    await notifier.done();
    expect(notifier.pauses).toEqual([30_000, outboxLimits.maxWaitMs]);
    expect(origin.shown()).toEqual([told["job.done"].en]);
  });

  it("is quoted in the log on one line, and shortened", async () => {
    const robot = await run(() => ({ status: 400, answer: `no\n\u001b[31mcloudcert-mcp: ${"x".repeat(500)}` }));
    const notifier = startNotifier([receiverOf("slack", robot.origin)]);
    notifier.notify(done);
    await notifier.done();
    expect(notifier.logged.join()).toMatch(/HTTP 400 "no\\n\\u001b\[31mcloudcert-mcp: x{100,160}"/);
    expect(notifier.logged.join().length).toBeLessThan(400);
  });

  it("that never answers is given up after the time of one attempt", async () => {
    const silent = await serve(() => {});
    const [limits, closed]: [number[], number[]] = [[], []];
    const notifier = startNotifier([receiverOf("slack", silent)], {
      deadline: (ms, signal) => {
        limits.push(ms);
        return {
          signal: ms === outboxLimits.attemptMs ? AbortSignal.abort() : signal,
          close: () => void closed.push(ms),
        };
      },
    });
    notifier.notify(done);
    await notifier.done();
    expect(closed).toEqual(limits.filter((ms) => ms === outboxLimits.attemptMs));
    expect(limits.filter((ms) => ms === outboxLimits.attemptMs)).toHaveLength(4);
    expect(notifier.logged).toEqual([expect.stringMatching(/after 4 attempts: job\.done: no answer in 15 s/)]);
  });
});

describe("the vendors' rates", () => {
  it.each([
    ["dingtalk", 20, 60_000],
    ["wecom", 20, 60_000],
    ["slack", 1, 1_000],
    ["feishu", 5, 1_000],
  ] as const)("%s gets at most %i requests in %i ms, and every message", async (kind, most, perMs) => {
    const robot = await run(robots[kind](), () => clock());
    let clock = () => new Date();
    const notifier = startNotifier([receiverOf(kind, robot.origin)]);
    clock = notifier.now;
    const at: number[] = [];
    // One after the other is done, so that none is put together with another before the rate is used up.
    for (let count = 1; count <= most; count += 1) {
      notifier.notify(done);
      await robot.answered(count);
      at.push(notifier.now().getTime());
    }
    for (let count = 0; count < 3; count += 1) notifier.notify(done);
    await notifier.done();
    expect(notifier.logged).toEqual([]);
    expect(robot.arrived).toHaveLength(most + 1);
    expect(notifier.pauses).toEqual([perMs]);
    expect(robot.shown().join("\n\n").split(told["job.done"].en)).toHaveLength(most + 3 + 1);
  });
});

it("a message that comes at the moment when the last one was sent is sent, too", async () => {
  for (let turns = 0; turns < 25; turns += 1) {
    const sent: string[] = [];
    const answered: (() => void)[] = [];
    const notifier = startNotifier([receiverOf("slack", "https://slack.example")], {
      exchange: async ({ body }) => {
        sent.push(body);
        for (const each of answered.splice(0)) each();
        return { status: 200, headers: {}, body: "ok" };
      },
    });
    const first = new Promise<void>((resolve) => answered.push(resolve));
    notifier.notify(done);
    await first;
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    notifier.notify(events["drift.seen"]);
    await notifier.done();
    expect([turns, sent.length, notifier.logged]).toEqual([turns, 2, []]);
  }
});

it("many short messages go together in bodies that Feishu takes", async () => {
  const robot = await run(robots.feishu(), () => clock());
  let clock = () => new Date();
  const notifier = startNotifier([receiverOf("feishu", robot.origin)]);
  clock = notifier.now;
  const targets = Array.from({ length: 8 }, () => ({ target: "a", outcome: "left" as const }));
  for (let count = 0; count < 100; count += 1) {
    notifier.notify({ type: "job.failed", job: { id: "1", kind: "deletion" }, targets });
  }
  await notifier.done();
  expect(notifier.logged).toEqual([]);
  expect(robot.arrived.length).toBeLessThan(10);
  expect(
    robot
      .shown()
      .join("\n")
      .match(/^cloudcert-mcp/gm),
  ).toHaveLength(100);
});

it("an event that cannot be put in words is a line in the log and nothing else", async () => {
  const robot = await run(robots.slack());
  const notifier = startNotifier([receiverOf("slack", robot.origin)], {
    redact: () => {
      throw new Error("broken");
    },
  });
  notifier.notify(done);
  await notifier.done();
  expect(robot.arrived).toEqual([]);
  expect(notifier.logged).toEqual([expect.stringMatching(/job\.done could not be put in words: broken/)]);
});

it("secrets and personal data are masked in text and facts", async () => {
  const robot = await run(robots.webhook(), () => clock());
  let clock = () => new Date();
  const notifier = startNotifier([receiverOf("webhook", robot.origin)], {
    redact: (text) => text.replaceAll("s3cr3t-of-a-cloud", "[sealed]"),
  });
  clock = notifier.now;
  const target = "host s3cr3t-of-a-cloud, jane.doe@example.com, 13800001111";
  notifier.notify({
    ...done,
    type: "job.done",
    job: { id: "1", kind: "deletion" },
    targets: [{ target, outcome: "proven" }],
  });
  await notifier.done();
  expect(robot.shown()[0]).toContain("host [sealed], j***@example.com, ***11");
  expect(robot.shown()[0]).not.toMatch(/s3cr3t|jane|1380000/);
});

describe("several accounts of a process", () => {
  it("share the limits of a robot, and say in each message which of them it is about", async () => {
    const robot = await run(robots.slack());
    const receiver = receiverOf("slack", robot.origin);
    const notify = { targets: [{ receiver, host: "robot", signed: false, secrets: [] }], proxy: undefined };
    const pauses: number[] = [];
    let ms = 0;
    const time = {
      now: () => new Date(start.getTime() + ms),
      elapsed: () => ms,
      pause: async (wait: number) => {
        pauses.push(wait);
        ms += wait;
      },
    };
    const [shop, blog] = ["shop", "blog"].map((name) =>
      createNotifier(
        { sandbox: false, language: "en" },
        { notify, account: { name } },
        { env: {}, redact: (text) => text, log: () => {}, time },
      ),
    );
    shop?.notify(done);
    await robot.answered(1);
    blog?.notify(done);
    // The first to end takes nothing from the other.
    await Promise.all([shop?.close(60_000), blog?.close(60_000)]);
    expect(robot.shown()).toEqual([expect.stringContaining("Account shop."), expect.stringContaining("Account blog.")]);
    expect(pauses).toEqual([1_000]);
  });
});
