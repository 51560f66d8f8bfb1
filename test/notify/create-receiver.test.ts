import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { receiverAt } from "../../src/notify/create-receiver.js";
import type { NotifyEvent } from "../../src/notify/event.js";
import { receiverKinds } from "../../src/notify/receiver.js";
import { type Arrived, type Robot, type RunningRobot, runRobot, standardWebhook } from "./robots.js";
import {
  both,
  chinese,
  english,
  events,
  receiverOf,
  robots,
  secrets,
  signs,
  start,
  startNotifier,
  told,
} from "./support.js";

const running: RunningRobot[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((robot) => robot.close()));
});

async function run(robot: Robot, now?: () => Date): Promise<RunningRobot> {
  const started = await runRobot(robot, now);
  running.push(started);
  return started;
}

const chats = receiverKinds.filter((kind) => kind !== "webhook");
const each = Object.values(events);
const languages = [
  { reader: english, language: "en" as const },
  { reader: chinese, language: "zh" as const },
];

describe.each(chats)("%s", (kind) => {
  it.each(languages)("takes every event, signed as documented, in words ($language)", async ({ reader, language }) => {
    const robot = await run(robots[kind](), () => start);
    for (const event of each) {
      const { notify, done, logged } = startNotifier([receiverOf(kind, robot.origin)], { reader });
      notify(event);
      await done();
      expect(logged).toEqual([]);
    }
    expect(robot.shown()).toEqual(each.map(({ type }) => told[type][language]));
    expect(robot.arrived.flatMap(({ judgement }) => judgement.effects)).toEqual([]);
  });

  it("says at once that it is the sandbox", async () => {
    const robot = await run(robots[kind](), () => start);
    const { notify, done } = startNotifier([receiverOf(kind, robot.origin)], { sandbox: true });
    notify(events["job.done"]);
    await done();
    expect(robot.shown()[0]?.split("\n")[1]).toBe("This is the sandbox: nothing real is touched.");
  });

  it("takes many targets within its limit, and the rest is counted", async () => {
    const robot = await run(robots[kind](), () => start);
    const { notify, done, logged } = startNotifier([receiverOf(kind, robot.origin)], { reader: chinese });
    const targets = Array.from({ length: 500 }, (_, index) => ({
      target: `“${index}” ${"长".repeat(300)}`,
      outcome: "failed" as const,
      code: "x".repeat(200),
    }));
    notify({ ...eventOf("job.failed"), targets });
    await done();
    expect(logged).toEqual([]);
    expect(robot.shown()[0]).toMatch(/^cloudcert-mcp：失败或未全部完成\n回滚 0a1b2c3d\n已验证：0\/500。\n失败：500。/);
  });
});

function eventOf<Type extends NotifyEvent["type"]>(type: Type): Extract<NotifyEvent, { type: Type }> {
  const event = events[type];
  if (!isOf(event, type)) throw new Error(`no ${type}`);
  return event;
}

function isOf<Type extends NotifyEvent["type"]>(
  event: NotifyEvent,
  type: Type,
): event is Extract<NotifyEvent, { type: Type }> {
  return event.type === type;
}

describe.each(receiverKinds)("%s of a team", (kind) => {
  const address = "https://certs.example.com/approvals/0123456789abcdefghijkl";

  it("gets who asks, and the server's own address as the only link", async () => {
    const robot = await run(robots[kind](), () => start);
    const { notify, done } = startNotifier([receiverOf(kind, robot.origin)]);
    const waits = eventOf("plan.waits");
    const question = both("Rename it to https://evil.example/approvals?", "改为 https://evil.example/approvals 吗？");
    notify({ ...waits, plan: { ...waits.plan, question }, asker: both('"Alice"', '"Alice"'), address });
    await done();
    const sent = robot.arrived.map(({ request }) => request.body).join("");
    expect(sent).toContain(address);
    expect(sent).toContain("asks for it.");
    if (kind !== "webhook") expect(sent).not.toContain("https://evil.example");
    expect(sent).not.toContain("A person decides where the server asks");
  });
});

describe.each(receiverKinds.filter(signs))("%s with a secret that is not its robot's", (kind) => {
  const wrong = kind === "webhook" ? `whsec_${Buffer.alloc(32, 8).toString("base64")}` : "another-secret-of-a-robot";

  it("is refused, which the log says once and without the secret", async () => {
    const robot = await run(robots[kind](), () => start);
    const { notify, done, logged, pauses } = startNotifier([receiverOf(kind, robot.origin, wrong)]);
    notify(events["plan.waits"]);
    await done();
    expect(robot.shown()).toEqual([]);
    expect(robot.arrived).toHaveLength(1);
    expect(pauses).toEqual([]);
    expect(logged).toEqual([
      expect.stringMatching(
        /^notify \w+ \(1\): not delivered after 1 attempts: plan\.waits: (code 19021|code 310000|HTTP 401) "s.+\. Nothing else is affected\.$/,
      ),
    ]);
    expect(logged.join()).not.toContain(wrong);
  });

  it("is refused with the right one, too, if the clock is two hours off", async () => {
    const robot = await run(robots[kind](), () => new Date(start.getTime() + 2 * 3_600_000));
    const { notify, done, logged } = startNotifier([receiverOf(kind, robot.origin)]);
    notify(events["plan.waits"]);
    await done();
    expect(robot.shown()).toEqual([]);
    expect(logged.join()).toMatch(/timestamp/);
  });
});

describe.each(receiverKinds)("the address of %s", (kind) => {
  const told = ({ path, query }: Arrived) => `${path}?${query}`;

  it.each<[string, Robot]>([
    ["a page for errors", (request) => ({ status: 404, answer: `Cannot POST ${told(request)}` })],
    ["the same, decoded", (request) => ({ status: 404, answer: decodeURIComponent(told(request)) })],
    [
      "words of a robot",
      (request) => ({
        status: kind === "webhook" ? 400 : 200,
        answer: JSON.stringify({ errcode: 7, errmsg: told(request) }),
      }),
    ],
  ])("is in no line of the log, however short its parts are: %s", async (_, answer) => {
    const robot = await run(answer);
    const url = new URL(`${robot.origin}/services/T0B1/Ab%2Bshort?type=bot&access_token=Tok3n&key=Tok3n`);
    const secret = signs(kind) ? secrets[kind] : undefined;
    const { notify, done, logged } = startNotifier([receiverAt(kind, { name: `${kind} (1)`, url, secret })]);
    notify(events["job.done"]);
    await done();
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toMatch(/T0B1|short|Tok3n/);
    expect(logged[0]).toMatch(/"[^"]*\/services\/…\/…/);
  });
});

describe("an answer with HTTP 200 that is none", () => {
  it.each(chats)("is a failure for %s", async (kind) => {
    for (const answer of [
      "<html>Login</html>",
      "",
      "{}",
      '{"errcode":45001,"errmsg":"no"}',
      '{"code":19024,"msg":"Key Words Not Found"}',
    ]) {
      const robot = await run(() => ({ status: 200, answer }));
      const { notify, done, logged } = startNotifier([receiverOf(kind, robot.origin)]);
      notify(events["job.done"]);
      await done();
      expect(logged).toHaveLength(1);
      expect(robot.arrived).toHaveLength(1);
    }
  });

  it.each([
    ["feishu", '{"code":11232,"msg":"frequency limited"}', 200],
    ["feishu", '{"code":11232,"msg":"frequency limited"}', 400],
    ["feishu", '{"code":9499,"msg":"too many request"}', 200],
    ["dingtalk", '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', 200],
    ["wecom", '{"errcode":45009,"errmsg":"api freq out of limit"}', 200],
  ] as const)("is tried again if %s says that it was too much: %s with HTTP %i", async (kind, busy, status) => {
    const taken = robots[kind]();
    let count = 0;
    const robot = await run(
      (request, now) => {
        count += 1;
        return count < 3 ? { status, answer: busy } : taken(request, now);
      },
      () => start,
    );
    const { notify, done, logged, pauses } = startNotifier([receiverOf(kind, robot.origin)]);
    notify(events["job.done"]);
    await done();
    expect(robot.shown()).toEqual([told["job.done"].en]);
    expect(pauses).toEqual([1_000, 5_000]);
    expect(logged).toEqual([]);
  });
});

describe("a webhook", () => {
  it("gets a bounded list of facts, and the number of the rest", async () => {
    const robot = await run(robots.webhook(), () => start);
    const { notify, done, logged } = startNotifier([receiverOf("webhook", robot.origin)], { reader: chinese });
    const targets = Array.from({ length: 500 }, (_, index) => ({
      target: `${index} ${"n".repeat(300)}`,
      outcome: "failed" as const,
    }));
    notify({ ...eventOf("job.failed"), targets });
    await done();
    expect(logged).toEqual([]);
    const { data } = body.parse(JSON.parse(robot.shown()[0] ?? ""));
    expect(data.targets).toHaveLength(40);
    expect(data.targets_left_out).toBe(460);
  });

  const body = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.unknown()) });

  it.each(languages)("gets the facts in snake case and the words ($language)", async ({ reader, language }) => {
    const robot = await run(robots.webhook(), () => start);
    const { notify, done, logged } = startNotifier([receiverOf("webhook", robot.origin)], { reader });
    for (const event of each) notify(event);
    await done();
    expect(logged).toEqual([]);
    const taken = robot.shown().map((text) => body.parse(JSON.parse(text)));
    expect(taken.map(({ type }) => type)).toEqual(each.map(({ type }) => type));
    expect(taken.map(({ data }) => data.message)).toEqual(each.map(({ type }) => told[type][language]));
    expect(taken[0]).toEqual({
      type: "certificate.ends_soon",
      timestamp: "2026-11-28T08:30:00.000Z",
      data: {
        domains: [
          { domain: "www.example.com", service: "EdgeOne", not_after: "2026-12-10T16:30:00Z" },
          { domain: "live.example.com", not_after: "2026-12-12T00:00:00Z" },
        ],
        sandbox: false,
        message: told["certificate.ends_soon"][language],
      },
    });
  });

  it("keeps its id and renews its time when it is tried again, so that neither is taken twice", async () => {
    const taken = standardWebhook(secrets.webhook);
    let count = 0;
    let clock = () => start;
    const robot = await run(
      (request, now) => {
        count += 1;
        return count < 4 ? { status: 503, answer: "" } : taken(request, now);
      },
      () => clock(),
    );
    const { notify, done, now, pauses } = startNotifier([receiverOf("webhook", robot.origin)]);
    clock = now;
    notify(events["job.done"]);
    await done();
    const header = (name: string) => robot.arrived.map(({ request }) => String(request.headers[name]));
    expect(pauses).toEqual([1_000, 5_000, 20_000]);
    expect(new Set(header("webhook-id")).size).toBe(1);
    const first = start.getTime() / 1_000;
    expect(header("webhook-timestamp")).toEqual([first, first + 1, first + 6, first + 26].map(String));
    expect(robot.shown()).toHaveLength(1);
    // The same request once more, and the same with one byte changed.
    const last = robot.arrived.at(-1)?.request;
    if (last === undefined) throw new Error("nothing arrived");
    expect(taken(last, now()).answer).toBe("replayed");
    expect(taken({ ...last, body: last.body.replace("job.done", "job.dont") }, now()).answer).toBe("signature");
    expect(taken(last, new Date(now().getTime() + 301_000)).answer).toBe("timestamp");
  });
});
