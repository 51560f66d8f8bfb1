import { Transport } from "../../src/cloud/transport.js";
import type { Reader } from "../../src/lib/language.js";
import { SafeText } from "../../src/lib/safe-text.js";
import { receiverAt } from "../../src/notify/create-receiver.js";
import type { NotifyEvent } from "../../src/notify/event.js";
import { type NotifierOptions, notifierTo } from "../../src/notify/notifier.js";
import { Outbox, type OutboxOptions } from "../../src/notify/outbox.js";
import type { Receiver, ReceiverKind } from "../../src/notify/receiver.js";
import { dingtalkRobot, feishuRobot, type Robot, slackRobot, standardWebhook, wecomRobot } from "./robots.js";

export const secrets: Readonly<Record<ReceiverKind, string>> = {
  feishu: "yB3kq0WnXw9fEr2LmTzUvA",
  dingtalk: "SEC2f1c9b0d7a6e5f4c3b2a1908f7e6d5c4b3a29180f7e6d5c4b3a2918",
  wecom: "693a91f6-7c4e-4bc4-97a0-0ec2d4f1a2b3",
  slack: "uYd8TqK3vXw5ZrB7nPcE2mLs",
  webhook: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
};
export const token = "e9a8118c8a3d4b6f9c0e1d2a3b4c5d6e";

/** The part of each address after the host. */
export const paths: Readonly<Record<ReceiverKind, string>> = {
  feishu: "/open-apis/bot/v2/hook/5e3d587e-d78e-4a07-bd07-265f269f86fd",
  dingtalk: `/robot/send?access_token=${token}`,
  wecom: `/cgi-bin/webhook/send?key=${secrets.wecom}`,
  slack: `/services/T0000000/B0000000/${secrets.slack}`,
  webhook: "/events",
};

export const robots: Readonly<Record<ReceiverKind, () => Robot>> = {
  feishu: () => feishuRobot(secrets.feishu),
  dingtalk: () => dingtalkRobot(token, secrets.dingtalk),
  wecom: () => wecomRobot(secrets.wecom),
  slack: () => slackRobot(paths.slack),
  webhook: () => standardWebhook(secrets.webhook),
};

/** Whether the kind signs with a secret of its own. */
export const signs = (kind: ReceiverKind) => kind !== "wecom" && kind !== "slack";

export function receiverOf(kind: ReceiverKind, origin: string, secret: string = secrets[kind]): Receiver {
  const url = new URL(`${origin}${paths[kind]}`);
  return receiverAt(kind, { name: `${kind} (1)`, url, secret: signs(kind) ? secret : undefined });
}

export const start = new Date("2026-11-28T08:30:00Z");
export const english: Reader = { language: "en", timeZone: "Asia/Shanghai" };
export const chinese: Reader = { language: "zh-CN", timeZone: "Asia/Shanghai" };

/** A notifier whose waits take no time: they move the clock that it reads. */
export function startNotifier(receivers: readonly Receiver[], more: Partial<NotifierOptions & OutboxOptions> = {}) {
  const logged: string[] = [];
  const pauses: number[] = [];
  let ms = 0;
  const transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 4_096 });
  const options: NotifierOptions & OutboxOptions = {
    exchange: (request, signal) => transport.exchange(request, signal),
    now: () => new Date(start.getTime() + ms),
    elapsed: () => ms,
    pause: async (wait, signal) => {
      signal.throwIfAborted();
      pauses.push(wait);
      ms += wait;
    },
    deadline: (_ms, signal) => ({ signal, close: () => {} }),
    log: (line) => logged.push(line),
    reader: english,
    sandbox: false,
    redact: (text) => text,
    ...more,
  };
  const outboxes = receivers.map((receiver) => new Outbox(receiver, options));
  return {
    notify: notifierTo(outboxes, options),
    logged,
    pauses,
    now: () => new Date(start.getTime() + ms),
    /** Waits until everything was sent or given up. */
    done: async () => {
      const { signal: limit } = options.deadline(60_000, new AbortController().signal);
      await Promise.all(outboxes.map((outbox) => outbox.close(limit)));
      await transport.close();
    },
  };
}

/** A text that is already put in both languages. */
export const both = (inEnglish: string, inChinese: string) =>
  new SafeText(({ language }) => (language === "en" ? inEnglish : inChinese));

const plan = {
  id: "a1b2c3d4",
  question: both("Serve certificate abcd1234 on 3 targets?", "在 3 个目标上使用证书 abcd1234 吗？"),
  warnings: [both("It ends in 5 days.", "它将在 5 天后到期。")],
};

/** One of each event. */
export const events: Readonly<Record<NotifyEvent["type"], NotifyEvent>> = {
  "certificate.ends_soon": {
    type: "certificate.ends_soon",
    domains: [
      { domain: "www.example.com", service: "EdgeOne", notAfter: "2026-12-10T16:30:00Z" },
      { domain: "live.example.com", notAfter: "2026-12-12T00:00:00Z" },
    ],
  },
  "plan.made": { type: "plan.made", plan },
  "plan.waits": { type: "plan.waits", plan, until: "2026-11-28T08:35:00Z" },
  "plan.left": { type: "plan.left", plan, user: "certs", host: "ops-1" },
  "job.done": {
    type: "job.done",
    job: { id: "0a1b2c3d", kind: "deployment", names: ["www.example.com"], notAfter: "2027-01-14T00:00:00Z" },
    targets: [
      { target: "EdgeOne host www.example.com (zone-1)", outcome: "proven" },
      { target: "CDN domain cdn.example.com", outcome: "proven" },
    ],
  },
  "job.failed": {
    type: "job.failed",
    job: { id: "0a1b2c3d", kind: "rollback" },
    targets: [
      { target: "EdgeOne host www.example.com (zone-1)", outcome: "proven" },
      { target: "CDN domain cdn.example.com", outcome: "failed", code: "InternalError" },
      { target: "Live domain live.example.com", outcome: "left" },
    ],
  },
  "drift.seen": {
    type: "drift.seen",
    domains: [{ domain: "www.example.com", service: "EdgeOne", listed: "abcd1234", served: "f00dfeed" }],
  },
  "standing_approval.used": {
    type: "standing_approval.used",
    approval: "sa-7f3e",
    plan,
    usesLeft: 4,
    lastDay: "2027-03-31",
  },
  "standing_approval.ends_soon": {
    type: "standing_approval.ends_soon",
    approval: "sa-7f3e",
    usesLeft: 2,
    lastDay: "2026-12-05",
    domains: ["www.example.com", "*.example.net"],
  },
};

/** What people read of them, in both languages. */
export const told: Readonly<Record<NotifyEvent["type"], { readonly en: string; readonly zh: string }>> = {
  "certificate.ends_soon": {
    en: "cloudcert-mcp: the certificates of 2 domains expire soon\nwww.example.com (EdgeOne): until 2026-12-11\nlive.example.com: until 2026-12-12",
    zh: "cloudcert-mcp：有 2 个域名的证书即将到期\nwww.example.com（EdgeOne）：有效期至 2026-12-11\nlive.example.com：有效期至 2026-12-12",
  },
  "plan.made": {
    en: "cloudcert-mcp: planned\nPlan a1b2c3d4: Serve certificate abcd1234 on 3 targets?\nWarning: It ends in 5 days.",
    zh: "cloudcert-mcp：已拟定计划\n计划 a1b2c3d4：在 3 个目标上使用证书 abcd1234 吗？\n警告：它将在 5 天后到期。",
  },
  "plan.waits": {
    en: "cloudcert-mcp: a change is waiting for your approval\nPlan a1b2c3d4: Serve certificate abcd1234 on 3 targets?\nWarning: It ends in 5 days.\nIt can be decided until 2026-11-28 16:35 (UTC+8; 2026-11-28 08:35 UTC).\nA person decides where the server asks, not here.",
    zh: "cloudcert-mcp：有变更等待你审批\n计划 a1b2c3d4：在 3 个目标上使用证书 abcd1234 吗？\n警告：它将在 5 天后到期。\n可在 2026-11-28 16:35 (UTC+8; 2026-11-28 08:35 UTC) 之前审批。\n请在服务器发起审批请求的地方审批；此处不能审批。",
  },
  "plan.left": {
    en: "cloudcert-mcp: a change needs a person, and nobody was asked\nPlan a1b2c3d4: Serve certificate abcd1234 on 3 targets?\nWarning: It ends in 5 days.\nNothing was done, and nothing waits. Run cloudcert-mcp renew --ask as certs on ops-1, or give a standing approval.",
    zh: "cloudcert-mcp：有变更需要人审批，但没有请任何人审批\n计划 a1b2c3d4：在 3 个目标上使用证书 abcd1234 吗？\n警告：它将在 5 天后到期。\n未作任何变更，也没有任何审批在等待。请在主机 ops-1 上以用户 certs 运行 cloudcert-mcp renew --ask，或授予长期授权。",
  },
  "job.done": {
    en: "cloudcert-mcp: done and verified\nDeployment 0a1b2c3d: certificate for www.example.com, until 2027-01-14\nVerified: 2 of 2.",
    zh: "cloudcert-mcp：已完成，并已验证\n部署 0a1b2c3d：www.example.com 的证书，有效期至 2027-01-14\n已验证：2/2。",
  },
  "job.failed": {
    en: 'cloudcert-mcp: failed or incomplete\nRollback 0a1b2c3d\nVerified: 1 of 3.\nFailed: 1.\n"CDN domain cdn.example.com": InternalError\nNot completed: 1.\n"Live domain live.example.com"',
    zh: 'cloudcert-mcp：失败或未全部完成\n回滚 0a1b2c3d\n已验证：1/3。\n失败：1。\n"CDN domain cdn.example.com"：InternalError\n未完成：1。\n"Live domain live.example.com"',
  },
  "drift.seen": {
    en: "cloudcert-mcp: a domain serves something other than what its cloud lists\nwww.example.com (EdgeOne): listed certificate abcd1234, served certificate f00dfeed",
    zh: "cloudcert-mcp：有一个域名实际返回的证书与云上记录不一致\nwww.example.com（EdgeOne）：云上记录为证书 abcd1234，实际返回证书 f00dfeed",
  },
  "standing_approval.used": {
    en: "cloudcert-mcp: done without asking, by a standing approval\nPlan a1b2c3d4: Serve certificate abcd1234 on 3 targets?\nWarning: It ends in 5 days.\nStanding approval sa-7f3e: 4 uses left, last day 2027-03-31.",
    zh: "cloudcert-mcp：已按长期授权执行，无需再审批\n计划 a1b2c3d4：在 3 个目标上使用证书 abcd1234 吗？\n警告：它将在 5 天后到期。\n长期授权 sa-7f3e：剩余 4 次，最后一天为 2027-03-31。",
  },
  "standing_approval.ends_soon": {
    en: "cloudcert-mcp: a standing approval is near its end\nStanding approval sa-7f3e: 2 uses left, last day 2026-12-05.\nAfter that, a person is asked again about: www.example.com, *.example.net.",
    zh: "cloudcert-mcp：有一项长期授权即将失效\n长期授权 sa-7f3e：剩余 2 次，最后一天为 2026-12-05。\n此后，以下域名的变更将重新由人审批：www.example.com、*.example.net。",
  },
};
