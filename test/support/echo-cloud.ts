import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { type Assistant, type AssistantOptions, startAssistant } from "./assistant.js";

/** A reply, in the envelope of the cloud that is asked. */
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** What a cloud answers to an action. */
export type Answers = (action: string, body: string) => Answer | Promise<Answer>;

/** A success of Tencent Cloud. */
export const tencent = (members: Record<string, unknown>): Answer => ({
  body: { Response: { RequestId: "rq-1", ...members } },
});

/** A refusal of Tencent Cloud. */
export const refused = (Code: string, Message: string, RequestId = "rq-1"): Answer => ({
  body: { Response: { RequestId, Error: { Code, Message } } },
});

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

/** A server between an assistant and a cloud that says anything, with a key, a certificate and a password in files. */
export interface EchoStage {
  readonly assistant: Assistant;
  readonly folder: string;
  /** The key as PEM, and the digits of its body. */
  readonly key: string;
  readonly keyDigits: string;
  readonly secretKey: string;
  /** The actions that reached the cloud, in their order. */
  readonly asked: readonly string[];
  /** From now on the cloud answers so. */
  answers(answers: Answers): void;
  /** Everything that has left the server: replies, notifications, questions, stderr, audit log, journal. */
  everything(): string;
  close(): Promise<void>;
}

export async function startEchoStage(args: readonly string[] = [], options: AssistantOptions = {}): Promise<EchoStage> {
  const folder = mkdtempSync(join(tmpdir(), "cc-echo-"));
  const [jobs, auditLog] = [join(folder, "jobs"), join(folder, "audit.jsonl")];
  mkdirSync(jobs);
  makeKey(folder);
  let answer: Answers = () => tencent({});
  const asked: string[] = [];
  const cloud = createServer(async (request, response) => {
    const { "x-tc-action": tencentAction, "x-acs-action": alibabaAction } = request.headers;
    const action = String(tencentAction ?? alibabaAction ?? `${request.method} ${request.url}`);
    asked.push(action);
    const { status = 200, body } = await answer(action, await readAll(request));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  const address = cloud.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  const endpoints = services.flatMap((service) => ["--endpoint", `${service}=${url}`]);
  const files = ["--files", folder, "--env-prefix", "CLOUDKEY_", "--audit-log", auditLog, "--jobs", jobs];
  const flags = [...endpoints, ...files, "--edge", "127.0.0.1:1", ...args];
  const assistant = await startAssistant(flags, { ...options, env: { ...credentials, ...options.env } });
  const key = readFileSync(join(folder, "k.pem"), "utf8");
  return {
    assistant,
    folder,
    key,
    keyDigits: key.split("\n").slice(1, -2).join(""),
    secretKey: credentials.TENCENTCLOUD_SECRET_KEY,
    asked,
    answers: (next) => {
      answer = next;
    },
    everything: () => {
      const written = readdirSync(folder)
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => readFileSync(join(folder, name), "utf8"));
      const journal = readdirSync(jobs)
        .filter((name) => name.endsWith(".json"))
        .map((name) => readFileSync(join(jobs, name), "utf8"));
      return [JSON.stringify(assistant.received), assistant.stderr(), ...written, ...journal].join("\n");
    },
    close: async () => {
      await assistant.close();
      cloud.closeAllConnections();
      cloud.close();
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
