import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { type Assistant, type AssistantOptions, startAssistant, textOf } from "./assistant.js";
import { listen, stop } from "./ports.js";

/** A reply, in the envelope of the cloud that is asked; text and bytes go out as they are, all else as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a cloud answers to an action. */
export type Answers = (action: string, body: string, headers: IncomingHttpHeaders) => Answer | Promise<Answer>;

/** A success of Tencent Cloud with these members, and others written as JSON by hand. */
export function tencent(members: Record<string, unknown>, byHand = ""): Answer {
  const written = JSON.stringify({ RequestId: "rq-1", ...members }).slice(0, -1);
  return { body: `{"Response":${written}${byHand === "" ? "" : `,${byHand}`}}}` };
}

/** A refusal of Tencent Cloud. */
export const refused = (Code: unknown, Message: unknown, RequestId: unknown = "rq-1"): Answer => ({
  body: { Response: { RequestId, Error: { Code, Message } } },
});

/** All clouds at one address, which say anything. */
export interface Clouds {
  readonly url: string;
  /** The actions that reached them, in their order. */
  readonly asked: readonly string[];
  /** From now on they answer so. */
  answers(answers: Answers): void;
  close(): Promise<void>;
}

export async function startClouds(first: Answers = () => tencent({})): Promise<Clouds> {
  let answers = first;
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { "x-tc-action": tencentAction, "x-acs-action": alibabaAction } = request.headers;
    const action = String(tencentAction ?? alibabaAction ?? `${request.method} ${request.url}`);
    asked.push(action);
    const { status = 200, headers = {}, body } = await answers(action, await readAll(request), request.headers);
    const sent = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(sent);
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}/`,
    asked,
    answers: (next) => {
      answers = next;
    },
    close: () => stop(server),
  };
}

const services = ["tencent-ssl", "tencent-edgeone", "alibaba-cdn", "alibaba-dcdn", "alibaba-vod", "huawei-live"];

const credentials = {
  TENCENTCLOUD_SECRET_ID: "AKIDxxxxxxxxxxxxxxxxxx",
  TENCENTCLOUD_SECRET_KEY: "tEnCeNt0SecretKey1AbCdEfGh2IjKlM",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIxxxxxxxxxxxx",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "aLiBaBa0SecretKey1AbCdEfGh2Ij",
  HUAWEICLOUD_SDK_AK: "HWAKxxxxxxxxxxxx",
  HUAWEICLOUD_SDK_SK: "hUaWeI0SecretKey1AbCdEfGh2IjKlMnOpQrSt",
  HUAWEICLOUD_SDK_PROJECT_ID: "project",
};

/** The options and the environment with which a program has its accounts at these clouds, and one of their secrets. */
export function accountsAt({ url }: Pick<Clouds, "url">) {
  const args = services.flatMap((service) => ["--endpoint", `${service}=${url}`]);
  return { args, env: credentials, secretKey: credentials.TENCENTCLOUD_SECRET_KEY };
}

/** What came of a call. */
export interface Heard {
  readonly reply: CallToolResult;
  readonly text: string;
  readonly structure: Readonly<Record<string, unknown>>;
}

/** An assistant whose server talks to such clouds, with a key, a certificate and a password in files. */
export interface ScriptedCloud extends Clouds {
  readonly assistant: Assistant;
  readonly folder: string;
  /** The key as PEM, and the digits of its body. */
  readonly key: string;
  readonly keyDigits: string;
  readonly secretKey: string;
  /** Makes a call to which the clouds say this, whatever they are asked. */
  hears(said: Answer, tool?: string, args?: Record<string, unknown>): Promise<Heard>;
  /** Everything that has left the server: replies, notifications, questions, stderr, audit log, journal. */
  everything(): string;
}

export async function startScriptedCloud(
  args: readonly string[] = [],
  options: AssistantOptions = {},
): Promise<ScriptedCloud> {
  const folder = mkdtempSync(join(tmpdir(), "cc-scripted-"));
  const [jobs, auditLog] = [join(folder, "jobs"), join(folder, "audit.jsonl")];
  mkdirSync(jobs);
  makeKey(folder);
  const clouds = await startClouds();
  const { args: endpoints, env, secretKey } = accountsAt(clouds);
  const files = ["--files", folder, "--env-prefix", "CLOUDKEY_", "--audit-log", auditLog, "--jobs", jobs];
  const flags = [...endpoints, ...files, "--edge", "127.0.0.1:1", ...args];
  const assistant = await startAssistant(flags, { ...options, env: { ...env, ...options.env } });
  const key = readFileSync(join(folder, "k.pem"), "utf8");
  const written = (directory: string, ending: string) =>
    readdirSync(directory)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(directory, name), "utf8"));
  return {
    ...clouds,
    assistant,
    folder,
    key,
    keyDigits: key.split("\n").slice(1, -2).join(""),
    secretKey,
    hears: async (said, tool = "DescribeCertificates", given = {}) => {
      clouds.answers(() => said);
      const reply = await assistant.call(tool, given);
      return { reply, text: textOf(reply), structure: reply.structuredContent ?? {} };
    },
    everything: () =>
      [
        JSON.stringify(assistant.received),
        assistant.stderr(),
        ...written(folder, ".jsonl"),
        ...written(jobs, ".json"),
      ].join("\n"),
    close: async () => {
      await assistant.close();
      await clouds.close();
    },
  };
}

function makeKey(folder: string): void {
  const [key, certificate] = [join(folder, "k.pem"), join(folder, "c.pem")];
  const names = ["-subj", "/CN=img.example.com", "-addext", "subjectAltName=DNS:img.example.com,DNS:www.example.com"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const out = ["-keyout", key, "-out", certificate, "-days", "60"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...out, ...names], { stdio: "pipe" });
  writeFileSync(join(folder, "pw.txt"), "file-Passw0rd-7788\n", { mode: 0o600 });
  chmodSync(key, 0o600);
}

/** Whether a piece of a secret stands in a text, in 20 characters or more. */
export function holdsPieceOf(text: string, secret: string): boolean {
  for (let at = 0; at + 20 <= secret.length; at += 1) if (text.includes(secret.slice(at, at + 20))) return true;
  return false;
}
