import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startSandbox } from "../../src/sandbox/server.js";
import { boundsOf, give } from "../standing-approvals/support.js";
import { type Assistant, declining, pointedAt, saysYes, startAssistant } from "../support/assistant.js";
import { Company, referring } from "../support/company.js";
import { seenOf } from "../support/form-text.js";
import { startServer } from "../support/server-process.js";
import { ofRows, rows, wide } from "../support/width.js";
import { type Robot, type RunningRobot, runRobot } from "./robots.js";
import { paths, robots, secrets, token } from "./support.js";

/** The built server, with receivers on ports of this computer. */

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function run(robot: Robot): Promise<RunningRobot> {
  const started = await runRobot(robot);
  cleanups.push(() => started.close());
  return started;
}

const receivers = [
  "--notify",
  "webhook=env:HOOK,env:HOOK_SECRET",
  "--notify",
  "dingtalk=env:DINGTALK,env:DINGTALK_SECRET",
];
const flags = ["--sandbox", "--sandbox-speed", "1000", ...receivers];
const envOf = (hook: string, group: string) => ({
  HOOK: `${hook}${paths.webhook}`,
  HOOK_SECRET: secrets.webhook,
  DINGTALK: `${group}${paths.dingtalk}`,
  DINGTALK_SECRET: secrets.dingtalk,
});

const found = z.object({
  certificates: z.array(z.object({ certificate_id: z.string(), alias: z.string().optional() })),
});

async function deploymentOn(assistant: Assistant) {
  const { certificates } = found.parse(await assistant.result("find_certificates"));
  const id = certificates.find(({ alias }) => alias === "storefront, next")?.certificate_id;
  const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
  return { certificate_id: id, targets };
}

const hooked = z.object({ type: z.string(), data: z.record(z.unknown()) });
const eventsAt = (robot: RunningRobot) => robot.shown().map((text) => hooked.parse(JSON.parse(text)));

describe.each([
  ["en", "a change is waiting for your approval", "done and verified"],
  ["zh-CN", "有变更等待你审批", "已完成，并已验证"],
])("with --language %s", (language, waits, isDone) => {
  it("reports the question while it waits, and the deployment once it is served", wide, async () => {
    const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
    let asked = "";
    const assistant = await startAssistant([...flags, "--language", language], {
      env: envOf(hook.origin, group.origin),
      // The person hears of it elsewhere, and only then looks at the form.
      person: async (question) => {
        asked = question.message;
        await Promise.all([hook.answered(1), group.answered(1)]);
        return (await saysYes?.(question)) ?? { action: "cancel" };
      },
    });
    cleanups.push(() => assistant.close());
    const deployment = await deploymentOn(assistant);
    const report = await assistant.result("deploy_certificate", deployment);
    expect(report.summary).toBe("1 served");
    await Promise.all([hook.answered(2), group.answered(2)]);

    const [first, second] = eventsAt(hook);
    expect(first).toMatchObject({ type: "plan.waits", data: { sandbox: true, plan: { id: expect.any(String) } } });
    const { question } = z.object({ question: z.string() }).parse(first?.data.plan);
    expect(seenOf(asked).split("\n")[0]).toBe(question);
    expect(second).toMatchObject({
      type: "job.done",
      data: { job: { id: report.job, kind: "deployment" }, targets: [{ outcome: "proven" }] },
    });
    expect(group.shown()[0]).toContain(waits);
    expect(group.shown()[0]).toContain(question);
    expect(group.shown()[1]).toContain(isDone);
    // Nothing by which anybody could decide, and no secret in what the operator reads.
    const sent = [...hook.arrived, ...group.arrived].map(({ request }) => request.body).join();
    expect(sent).not.toMatch(/https?:|token|approve\b.*http/i);
    expect(assistant.stderr()).not.toContain(secrets.dingtalk);
    expect(assistant.stderr()).not.toContain(token);
  });
});

it("does not tell of a deployment that the policy stops before anything is asked or sent", wide, async () => {
  const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
  const assistant = await startAssistant([...flags, "--deny", "ModifyHostsCertificate"], {
    env: envOf(hook.origin, group.origin),
  });
  cleanups.push(() => assistant.close());
  await assistant.call("deploy_certificate", await deploymentOn(assistant));
  // Nothing was sent, so there is nothing to tell.
  expect(hook.arrived).toEqual([]);
});

it(
  "reports a deployment that the cloud refuses in part: what failed, what is left, and what is proven",
  wide,
  async () => {
    const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
    const company = await Company.open();
    cleanups.push(() => company.close());
    // Where the list of domains may not be read, a domain that is not there is refused by the cloud alone.
    const assistant = await company.assistant([...receivers, "--approve", "elicit", "--deny", "DescribeUserDomains"], {
      env: envOf(hook.origin, group.origin),
      person: saysYes,
    });
    cleanups.push(() => assistant.close());
    const names = ["img.example.com", "new.example.com", "assets.example.com"];
    const report = await assistant.result("deploy_certificate", {
      ...referring(await company.issue("next")),
      targets: [{ service: "alibaba-cdn", domains: names }],
    });
    expect(report.summary).toBe("1 served, 1 failed, 1 not attempted");
    await Promise.all([hook.answered(2), group.answered(2)]);
    expect(eventsAt(hook)[1]).toMatchObject({
      type: "job.failed",
      data: {
        sandbox: false,
        job: { id: report.job, kind: "deployment", names: ["example.com", "*.example.com"] },
        targets: [
          { target: "CDN domain new.example.com", outcome: "failed", code: "InvalidDomain.Offline" },
          { target: "CDN domain assets.example.com", outcome: "left" },
          { target: "CDN domain img.example.com", outcome: "proven" },
        ],
      },
    });
    expect(group.shown()[1]?.split("\n").slice(2)).toEqual([
      "Verified: 1 of 3.",
      "Failed: 1.",
      '"CDN domain new.example.com": InvalidDomain.Offline',
      "Not completed: 1.",
      '"CDN domain assets.example.com"',
    ]);
  },
);

it("reports a deployment as done when wait_for sees it served, and not before", wide, async () => {
  const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
  // The clouds take their own time, however long the machine takes.
  let skipped = 0;
  const sandbox = await startSandbox({ speed: 1, now: () => Date.now() + skipped });
  cleanups.push(() => sandbox.close());
  const { args, env } = pointedAt(sandbox);
  const assistant = await startAssistant([...args, ...receivers], {
    env: { ...env, ...envOf(hook.origin, group.origin) },
    person: saysYes,
  });
  cleanups.push(() => assistant.close());
  const deployment = await deploymentOn(assistant);
  const report = await assistant.result("deploy_certificate", { ...deployment, wait_seconds: 0 });
  expect(report.summary).toBe("1 accepted");
  expect(eventsAt(hook).map(({ type }) => type)).toEqual(["plan.waits"]);
  skipped = 3_600_000;
  await assistant.result("wait_for", { what: "deployment", id: report.job });
  await hook.answered(2);
  expect(eventsAt(hook).map(({ type }) => type)).toEqual(["plan.waits", "job.done"]);
});

it("does what it does with receivers that are dead or silent, and ends in time", wide, async () => {
  const silent = await run(() => {
    throw new Error("never called");
  });
  await silent.close();
  const assistant = await startAssistant(flags, { env: envOf(silent.origin, silent.origin), person: saysYes });
  cleanups.push(() => assistant.close());
  const report = await assistant.result("deploy_certificate", await deploymentOn(assistant));
  expect(report.summary).toBe("1 served");
  await assistant.close();
  expect(assistant.stderr()).toMatch(
    /notify (webhook \(1\)|dingtalk \(2\)): \d notifications were not sent: the process ends/,
  );
});

it("tells of a deployment that a standing approval let through, and that its last use is gone", async () => {
  const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
  const company = await Company.open({ speed: 100_000 });
  cleanups.push(() => company.close());
  const person = await company.assistant(["--approve", "page"]);
  const approval = await give(person, { ...boundsOf(company), uses: 1 });
  await person.close();
  const assistant = await company.assistant([...receivers, "--approve", "elicit"], {
    env: envOf(hook.origin, group.origin),
    person: null,
  });
  const report = await assistant.result("deploy_certificate", {
    ...referring(await company.issue("next")),
    targets: [{ domains: ["img.example.com"] }],
  });
  await assistant.close();
  expect(eventsAt(hook)).toMatchObject([
    { type: "standing_approval.used", data: { approval, uses_left: 0, plan: { id: expect.any(String) } } },
    {
      type: "standing_approval.ends_soon",
      data: { approval, uses_left: 0, domains: ["example.com", "*.example.com"] },
    },
    { type: "job.done", data: { job: { id: report.job } } },
  ]);
  expect(group.shown().join("\n")).toContain(`Standing approval ${approval}: 0 uses left`);
});

it("a person who says no is not told of anything done", wide, async () => {
  const [hook, group] = [await run(robots.webhook()), await run(robots.dingtalk())];
  const assistant = await startAssistant(flags, {
    env: envOf(hook.origin, group.origin),
    person: declining(),
  });
  await assistant.failure("deploy_certificate", await deploymentOn(assistant));
  await assistant.close();
  expect(eventsAt(hook).map(({ type }) => type)).toEqual(["plan.waits"]);
});

describe("the server does not start", () => {
  it.each(
    rows(
      [
        [["--notify", `slack=https://hooks.slack.com/services/${secrets.slack}`], {}, /--notify: write KIND=ADDRESS/],
        [["--notify", secrets.slack], {}, /--notify: write KIND=ADDRESS/],
        [["--notify", "slack=env:NOT_SET"], {}, /--notify: env:NOT_SET is not set, or empty/],
        [["--notify", "slack=env:X"], { X: secrets.slack }, /--notify: slack: env:X does not contain a URL/],
        [
          ["--notify", "slack=env:X"],
          { X: `http://slack.example/${secrets.slack}` },
          /slack \(env:X\): the address is not https/,
        ],
        [["--notify", "webhook=env:X"], { X: "https://a.example/" }, /a webhook needs a signing secret/],
        [
          ["--notify", "webhook=env:X,env:Y"],
          { X: "https://a.example/", Y: secrets.slack },
          /is not whsec_ and 24 to 64 bytes/,
        ],
        [
          ["--notify", "dingtalk=env:X"],
          { X: `https://a.example/${secrets.slack}` },
          /has no access_token: it is not that of a dingtalk/,
        ],
        [["--notify", "wecom=env:X,env:Y"], { X: "https://a.example/?key=1", Y: "y" }, /wecom has no signing secret/],
        [["--notify", "feishu=file:/nonexistent/feishu"], {}, /file:\/nonexistent\/feishu cannot be read \(ENOENT\)/],
      ],
      3,
    ),
  )("with %j", ofRows, async (args, env, says) => {
    const server = startServer(["--sandbox", ...args], env);
    expect((await server.ended()).code).toBe(2);
    expect(server.stderr()).toMatch(says);
    expect(server.stderr()).not.toContain(secrets.slack);
  });
});

it("addresses and secrets can be in files, as systemd and Kubernetes give them", wide, async () => {
  const group = await run(robots.feishu());
  const folder = mkdtempSync(join(tmpdir(), "cc-notify-"));
  writeFileSync(join(folder, "address"), `${group.origin}${paths.feishu}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "secret"), `${secrets.feishu}\n`, { mode: 0o600 });
  const assistant = await startAssistant(["--sandbox"], {
    env: { CLOUDCERT_NOTIFY: `feishu=file:${join(folder, "address")},file:${join(folder, "secret")}` },
    person: declining(),
  });
  await assistant.failure("deploy_certificate", await deploymentOn(assistant));
  await assistant.close();
  expect(group.shown()).toEqual([expect.stringContaining("a change is waiting for your approval")]);
});
