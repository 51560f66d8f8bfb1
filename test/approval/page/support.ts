import { once } from "node:events";
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Plan, PlanRow } from "../../../src/approval/plan.js";
import { ApprovalRequest } from "../../../src/approval/request.js";

/** A line of now → after. */
export function row(object: string, aspect: string, now: string, afterwards: string): PlanRow {
  return { object, aspect, now, then: afterwards };
}

/** A change of what a live domain serves, with everything a plan can have but a name to type. */
export const trafficPlan: Plan = {
  language: "en",
  id: "plan-1",
  where: "Tencent Cloud EdgeOne",
  environment: "the real account",
  account: "access key AKID…9xYz",
  operation: "ModifyHostsCertificate",
  title: "Set the certificates of EdgeOne hosts",
  question: "EdgeOne site zone-2noz78a8ev6k, www.example.com: serve certificate teo-2o1tvgiyqsmz?",
  effect: "traffic",
  warnings: [
    "The certificate does not cover pay.checkout.eu-central.shop.example.com, one of the hosts.",
    "Visitors without a certificate of these CAs will be refused.",
  ],
  rows: [
    row(
      "Host www.example.com",
      "server certificate",
      "teo-1x8d0a7bfh2k, example.com, until 2026-03-02 (9 days left)",
      "teo-2o1tvgiyqsmz, *.example.com, until 2026-09-14 (205 days left)",
    ),
    row("Host pay.checkout.eu-central.shop.example.com", "server certificate", "teo-1x8d0a7bfh2k", "teo-2o1tvgiyqsmz"),
    row("Host www.example.com", "client CAs", "off", "on, CA teo-9qh2mfk10abc"),
  ],
  facts: [
    ["Issuer", "Example Trust TLS RSA CA G1"],
    ["SHA-256", "5f:0c:9d:77:41:aa:02:6e:b8:13:d9:5a:27:84:c6:f1:3b:e0:98:4d:72:65:ab:0f:dd:19:8e:54:c3:60:7a:91"],
  ],
  details: [
    ["ZoneId", "zone-2noz78a8ev6k"],
    ["Hosts.0", "www.example.com"],
    ["Hosts.1", "pay.checkout.eu-central.shop.example.com"],
    ["Mode", "sslcert"],
    ["ServerCertInfo.0.CertId", "teo-2o1tvgiyqsmz"],
    ["ClientCertInfo.Switch", "on"],
  ],
  digest: "0".repeat(64),
  typed: undefined,
};

/** A deletion, which needs the certificate's id typed back. */
export const destroyPlan: Plan = {
  language: "en",
  id: "plan-2",
  where: "Tencent Cloud SSL Certificates",
  environment: "the real account",
  account: "access key AKID…9xYz",
  operation: "DeleteCertificate",
  title: "Delete a certificate",
  question: "Delete certificate kR7pQ2x9 for good?",
  effect: "destroy",
  warnings: ["Whether cloud resources still use the certificate is not checked."],
  rows: [
    row("Certificate kR7pQ2x9 (*.shop.example.com)", "existence", "issued, until 2026-08-21 (181 days left)", "gone"),
  ],
  facts: [["Domains", "*.shop.example.com, shop.example.com"]],
  details: [["CertificateId", "kR7pQ2x9"]],
  digest: "1".repeat(64),
  typed: "kR7pQ2x9",
};

/** A request on a clock that stands still until it is moved. */
export function requestAt(plan: Plan = trafficPlan): { request: ApprovalRequest; expire: () => void } {
  const start = Date.UTC(2026, 1, 21, 14, 22);
  let now = start;
  const request = new ApprovalRequest(
    { en: plan, "zh-CN": { ...plan, language: "zh-CN" } },
    start + 600_000,
    () => now,
  );
  return { request, expire: () => (now = request.expiresAt) };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends one request with exactly these headers, as no browser would. */
export async function send(url: string, { method = "GET", headers = {}, body }: Sending = {}): Promise<Answer> {
  const outgoing = request(url, { method, headers, agent: false });
  outgoing.end(body);
  return answerTo(outgoing);
}

async function answerTo(outgoing: ClientRequest): Promise<Answer> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject);
  });
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await text(incoming) };
}

/** The one-time value in the form of a rendered page. */
export function csrfTokenIn(page: string): string {
  return /name="csrfToken" value="([^"]+)"/.exec(page)?.[1] ?? "";
}

/** Opens the page behind a link and submits its form. */
export async function submit(link: string, answer: Readonly<Record<string, string>>): Promise<Answer> {
  const { body } = await send(link);
  return post(link, { csrfToken: csrfTokenIn(body), ...answer });
}

export function post(link: string, fields: Readonly<Record<string, string>>, headers = {}): Promise<Answer> {
  return send(link, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

/** Sends the head of a form, and returns how to send the rest once the server reads it. */
export async function hold(link: string): Promise<(fields: Readonly<Record<string, string>>) => Promise<Answer>> {
  const headers = { "content-type": "application/x-www-form-urlencoded", expect: "100-continue" };
  const outgoing = request(link, { method: "POST", headers, agent: false });
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  return (fields) => {
    outgoing.end(new URLSearchParams(fields).toString());
    return answerTo(outgoing);
  };
}
