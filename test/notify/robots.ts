import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { z } from "zod";
import { listen } from "../support/ports.js";

/**
 * The receiving ends, written from what the vendors document and from nothing of ours: each verifies the signature, the
 * form and the length, and tells what its chat would make of the text.
 */

/** A request as a receiver sees it. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Judgement {
  readonly status: number;
  readonly answer: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The text as people would read it, if the message was taken. */
  readonly shown?: string;
  /** Mentions and links that the chat would make of it. */
  readonly effects?: readonly string[];
}

export type Robot = (arrived: Arrived, now: Date) => Judgement;

const HOUR = 3_600_000;

const told = (answer: unknown, more: Pick<Judgement, "shown" | "effects"> = {}): Judgement => ({
  status: 200,
  answer: JSON.stringify(answer),
  ...more,
});

function jsonOf({ method, headers, body }: Arrived): unknown {
  if (method !== "POST" || !/^application\/json\b/.test(String(headers["content-type"]))) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const same = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** What clients make links of, in plain text too: an address with its scheme. */
const links = (text: string) => text.match(/\b[a-z][a-z0-9+.-]*:\/\/[^\s]+/gi) ?? [];

const postElement = z.discriminatedUnion("tag", [
  z.object({ tag: z.literal("text"), text: z.string(), un_escape: z.boolean().optional() }).strict(),
  z.object({ tag: z.literal("a"), text: z.string(), href: z.string() }).strict(),
  z.object({ tag: z.literal("at"), user_id: z.string(), user_name: z.string().optional() }).strict(),
]);
const feishuMessage = z
  .object({
    timestamp: z.string().optional(),
    sign: z.string().optional(),
    msg_type: z.literal("post"),
    content: z.object({
      post: z.object({ zh_cn: z.object({ title: z.string(), content: z.array(z.array(postElement)) }).strict() }),
    }),
  })
  .strict();

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export function feishuRobot(secret: string): Robot {
  return (arrived, now) => {
    const { data } = feishuMessage.safeParse(jsonOf(arrived));
    if (data === undefined || Buffer.byteLength(arrived.body) > 20 * 1024)
      return told({ code: 9499, msg: "Bad Request", data: {} });
    const { timestamp = "", sign = "" } = data;
    const expected = createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
    const recent = /^\d{10}$/.test(timestamp) && Math.abs(now.getTime() - Number(timestamp) * 1_000) <= HOUR;
    if (!recent || !same(sign, expected))
      return told({ code: 19021, msg: "sign match fail or timestamp is not within one hour from current time" });
    const { title, content } = data.content.post.zh_cn;
    const elements = content.flat();
    const shown = [title, ...content.map((line) => line.map((each) => ("text" in each ? each.text : "")).join(""))];
    const effects = [
      ...elements.filter(({ tag }) => tag !== "text").map(({ tag }) => tag),
      ...shown.flatMap((line) => [...(line.match(/<at\b/g) ?? []), ...links(line)]),
    ];
    return told({ code: 0, msg: "success", data: {} }, { shown: shown.join("\n"), effects });
  };
}

const dingtalkMessage = z
  .object({
    msgtype: z.literal("text"),
    text: z.object({ content: z.string().min(1) }).strict(),
    at: z
      .object({ atMobiles: z.array(z.string()), atUserIds: z.array(z.string()), isAtAll: z.boolean() })
      .partial()
      .optional(),
  })
  .strict();

/** https://open.dingtalk.com/document/robots/custom-robot-access and customize-robot-security-settings */
export function dingtalkRobot(token: string, secret: string): Robot {
  return (arrived, now) => {
    const { query, body } = arrived;
    if (query.get("access_token") !== token) return told({ errcode: 300001, errmsg: "token is not exist" });
    const timestamp = query.get("timestamp") ?? "";
    const expected = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
    if (!/^\d{13}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp)) > HOUR)
      return told({ errcode: 310000, errmsg: "invalid timestamp" });
    if (!same(query.get("sign") ?? "", expected)) return told({ errcode: 310000, errmsg: "sign not match" });
    if (Buffer.byteLength(body) > 20_000)
      return told({ errcode: 460101, errmsg: "message too long, exceed 20000 bytes" });
    const { data } = dingtalkMessage.safeParse(jsonOf(arrived));
    if (data === undefined) return told({ errcode: 40035, errmsg: "缺少参数 json" });
    const { atMobiles = [], atUserIds = [], isAtAll = false } = data.at ?? {};
    const effects = [...atMobiles, ...atUserIds, ...(isAtAll ? ["all"] : []), ...links(data.text.content)];
    return told({ errcode: 0, errmsg: "ok" }, { shown: data.text.content, effects });
  };
}

const wecomMessage = z
  .object({
    msgtype: z.literal("text"),
    text: z
      .object({
        content: z.string().min(1),
        mentioned_list: z.array(z.string()).optional(),
        mentioned_mobile_list: z.array(z.string()).optional(),
      })
      .strict(),
  })
  .strict();

/** https://developer.work.weixin.qq.com/document/path/91770 */
export function wecomRobot(key: string): Robot {
  return (arrived) => {
    if (arrived.query.get("key") !== key) return told({ errcode: 93000, errmsg: "invalid webhook url" });
    const { data } = wecomMessage.safeParse(jsonOf(arrived));
    if (data === undefined) return told({ errcode: 40008, errmsg: "invalid message type" });
    const { content, mentioned_list: users = [], mentioned_mobile_list: mobiles = [] } = data.text;
    if (Buffer.byteLength(content) > 2_048)
      return told({ errcode: 40058, errmsg: "text.content exceed max length 2048" });
    const effects = [...users, ...mobiles, ...(content.match(/<@[^>]*>/g) ?? []), ...links(content)];
    return told({ errcode: 0, errmsg: "ok" }, { shown: content, effects });
  };
}

const slackMessage = z
  .object({
    text: z.string().min(1),
    blocks: z
      .array(
        z
          .object({
            type: z.literal("section"),
            text: z
              .object({
                type: z.literal("plain_text"),
                text: z.string().min(1).max(3_000),
                emoji: z.boolean().optional(),
              })
              .strict(),
          })
          .strict(),
      )
      .max(50),
    unfurl_links: z.boolean().optional(),
    unfurl_media: z.boolean().optional(),
  })
  .strict();

/**
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and formatting-message-text: `<…>` is a
 * mention or a link, and the three characters `&`, `<` and `>` are written as entities.
 */
export function slackRobot(path: string): Robot {
  return (arrived) => {
    if (arrived.path !== path) return { status: 403, answer: "invalid_token" };
    const { data } = slackMessage.safeParse(jsonOf(arrived));
    if (data === undefined) return { status: 400, answer: "invalid_payload" };
    const texts = [data.text, ...data.blocks.map(({ text }) => text.text)];
    const effects = texts.flatMap((text) => [
      ...(text.match(/<[^>]*>/g) ?? []),
      ...(text.match(/&(?!amp;|lt;|gt;)/g) ?? []),
      ...links(text),
    ]);
    const decoded = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    return { status: 200, answer: "ok", shown: texts.slice(1).map(decoded).join("\n"), effects };
  };
}

const payload = z.object({
  type: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/),
  timestamp: z.string().datetime(),
  data: z.record(z.unknown()),
});

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: five minutes of tolerance,
 * and an id that was taken is not taken again.
 */
export function standardWebhook(secret: string, seen = new Set<string>()): Robot {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return (arrived, now) => {
    const { headers, body } = arrived;
    const id = String(headers["webhook-id"]);
    const timestamp = String(headers["webhook-timestamp"]);
    if (!/^\d+$/.test(timestamp) || Math.abs(now.getTime() / 1_000 - Number(timestamp)) > 300)
      return { status: 400, answer: "timestamp" };
    const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    const signatures = String(headers["webhook-signature"]).split(" ");
    if (!signatures.some((signature) => same(signature, `v1,${expected}`))) return { status: 401, answer: "signature" };
    if (id.includes(".") || seen.has(id)) return { status: 409, answer: "replayed" };
    const { data } = payload.safeParse(jsonOf(arrived));
    if (data === undefined || Buffer.byteLength(body) > 20_000) return { status: 422, answer: "payload" };
    seen.add(id);
    return { status: 204, answer: "", shown: body, effects: [] };
  };
}

export interface RunningRobot {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** What it was sent, and what it made of each, in this order. */
  readonly arrived: readonly { readonly request: Arrived; readonly judgement: Judgement }[];
  /** The texts that were taken. */
  shown(): readonly string[];
  /** Resolves once so many requests have been answered. */
  answered(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Runs a robot on a port of this computer. */
export async function runRobot(robot: Robot, now: () => Date = () => new Date()): Promise<RunningRobot> {
  const arrived: { request: Arrived; judgement: Judgement }[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const url = new URL(message.url ?? "/", "http://127.0.0.1");
      const request = {
        method: message.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: message.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      const judgement = robot(request, now());
      arrived.push({ request, judgement });
      response
        .writeHead(judgement.status, { "content-type": "application/json", ...judgement.headers })
        .end(judgement.answer, () => {
          for (const each of waiting.filter(({ count }) => count <= arrived.length)) each.resolve();
          waiting = waiting.filter(({ count }) => count > arrived.length);
        });
    });
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    arrived,
    shown: () => arrived.flatMap(({ judgement }) => judgement.shown ?? []),
    answered: (count) =>
      count <= arrived.length ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
