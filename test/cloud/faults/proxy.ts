import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { type ServiceId, serviceIds } from "../../../src/catalogue/services.js";
import type { Sandbox } from "../../../src/sandbox/server.js";
import { listen } from "../../support/ports.js";

/** What goes wrong between a client and a cloud. "Before" means that the cloud never saw the request. */
export const faults = [
  "none",
  "refused",
  "reset before",
  "reset during",
  "reset after",
  "stall before",
  "stall after",
  "stall half way",
  "truncated",
  "oversized",
  "html before",
  "html after",
  "too long a length",
  "too short a length",
  "early hints",
  "processing",
  "continue",
  "slow drip",
  "drip without end",
  "throttle",
  "throttle with a hint",
  "skewed clock",
  "fault before",
  "fault after",
] as const;
export type Fault = (typeof faults)[number];

/** Faults through which a clear answer of the cloud's own comes to the client all the same. */
export const harmless: ReadonlySet<Fault> = new Set<Fault>([
  "none",
  "refused",
  "early hints",
  "processing",
  "slow drip",
  "throttle",
  "throttle with a hint",
  "skewed clock",
]);

type Vendor = "tencent" | "alibaba" | "huawei";

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const tencent = (Code: string) => ({ Response: { Error: { Code, Message: "no" }, RequestId: "r" } });

/** docs/cloud-behaviour.md 1.3, 1.4. */
const refusals: Readonly<Record<Vendor, Readonly<Record<"throttle" | "fault" | "clock", Reply>>>> = {
  tencent: {
    throttle: json(200, tencent("RequestLimitExceeded")),
    fault: json(200, tencent("InternalError")),
    clock: json(200, tencent("AuthFailure.SignatureExpire")),
  },
  alibaba: {
    throttle: json(400, { Code: "Throttling.User", Message: "slow", RequestId: "r" }),
    fault: json(500, { Code: "InternalError", Message: "oops", RequestId: "r" }),
    clock: json(400, { Code: "InvalidTimeStamp.Expired", Message: "late", RequestId: "r" }),
  },
  huawei: {
    throttle: json(429, { error_code: "APIGW.0308", error_msg: "slow", request_id: "r" }),
    fault: json(500, { error_code: "LIVE.100011005", error_msg: "oops" }),
    clock: json(401, { error_code: "APIGW.0301", error_msg: "time", request_id: "r" }),
  },
};
const hints: Readonly<Record<Vendor, Record<string, string>>> = {
  tencent: { "retry-after": "0" },
  alibaba: { "x-acs-retry-after": "20" },
  huawei: { "retry-after": "0" },
};

const html: Reply = { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" };

type Headers = IncomingMessage["headers"];

/** A request that came to the proxy. */
export interface Arrival {
  readonly method: string | undefined;
  readonly headers: Headers;
  /** Its address and body; empty where the fault came before they were read. */
  readonly text: string;
  readonly fault: Fault;
  /** What the cloud answered, whether or not that came back to the client; undefined while it was not asked. */
  answered: { readonly status: number; readonly body: string } | "pending" | undefined;
}

export interface FaultProxy {
  readonly url: URL;
  close(): Promise<void>;
}

export interface Mischief {
  /** What happens to a request. Who asks for its text, address and body, cannot have it reset before that has come. */
  faultFor(request: Pick<Arrival, "method" | "headers">, text: () => Promise<string>): Fault | Promise<Fault>;
  /** Hears of each request. */
  note(arrival: Arrival): void;
  /** More bytes than the client takes as a reply. */
  readonly oversize: number;
}

/** A proxy before each of the sandbox's services, by the service's id. */
export async function startFaultProxies(
  { endpoints }: Pick<Sandbox, "endpoints">,
  mischief: Mischief,
): Promise<ReadonlyMap<ServiceId, FaultProxy>> {
  const started = serviceIds.map(
    async (id) => [id, await startFaultProxy(endpoints[id], vendorOf(id), mischief)] as const,
  );
  return new Map(await Promise.all(started));
}

const vendorOf = (id: ServiceId): Vendor =>
  id.startsWith("tencent") ? "tencent" : id.startsWith("alibaba") ? "alibaba" : "huawei";

/** A proxy before one service, on real sockets. */
async function startFaultProxy(target: string, vendor: Vendor, mischief: Mischief): Promise<FaultProxy> {
  const server = createServer((message, response) => {
    handle(message, response, { target, vendor, mischief }).catch(() => message.socket.destroy());
  });
  const port = await listen(server);
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Handling {
  readonly target: string;
  readonly vendor: Vendor;
  readonly mischief: Mischief;
}

async function handle(message: IncomingMessage, response: ServerResponse, handling: Handling): Promise<void> {
  const { target, vendor, mischief } = handling;
  const reset = () => message.socket.resetAndDestroy();
  let whole: Promise<Buffer> | undefined;
  const read = () => (whole ??= buffer(message));
  const text = async () => `${message.url}\n${await read()}`;
  const { method, headers } = message;
  const fault = await mischief.faultFor({ method, headers }, text);
  const known = whole === undefined ? "" : await text();
  const arrival: Arrival = { method, headers, text: known, fault, answered: undefined };
  mischief.note(arrival);
  if (fault === "reset before") return void reset();
  if (fault === "reset during") return void message.once("data", reset);
  const body = await read();
  const refused = refusals[vendor];
  switch (fault) {
    case "stall before":
      return;
    case "html before":
      return send(response, html);
    case "throttle":
      return send(response, refused.throttle);
    case "throttle with a hint":
      return send(response, { ...refused.throttle, headers: { ...refused.throttle.headers, ...hints[vendor] } });
    case "skewed clock":
      return send(response, { ...refused.clock, headers: { ...refused.clock.headers, date: inAnHour() } });
    case "fault before":
      return send(response, refused.fault);
  }
  arrival.answered = "pending";
  const reply = await forward(message, body, target);
  arrival.answered = reply;
  await spoil(response, reply, fault, { reset, fault: refused.fault, oversize: mischief.oversize });
}

/** Brings the cloud's reply back, or what the fault makes of it. */
async function spoil(
  response: ServerResponse,
  reply: Reply,
  fault: Fault,
  { reset, fault: failed, oversize }: { reset(): void; readonly fault: Reply; readonly oversize: number },
): Promise<void> {
  const half = Math.floor(reply.body.length / 2);
  const announce = (length: number) => response.writeHead(reply.status, { ...reply.headers, "content-length": length });
  switch (fault) {
    case "reset after":
      return void reset();
    case "stall after":
      return;
    case "html after":
      return send(response, html);
    case "fault after":
      return send(response, failed);
    case "oversized":
      return send(response, { ...reply, body: reply.body + " ".repeat(oversize) });
    case "stall half way":
      announce(reply.body.length + 10);
      return void response.write(reply.body.slice(0, half));
    case "truncated":
      announce(reply.body.length + 10);
      return void response.write(reply.body.slice(0, half), reset);
    case "too long a length":
      announce(reply.body.length + 10);
      return void response.write(reply.body, reset);
    case "too short a length":
      return void response.socket?.end(raw(reply, Math.max(0, reply.body.length - 2)));
    case "early hints":
      response.writeEarlyHints({ link: "</x>; rel=preload" });
      return send(response, reply);
    case "processing":
      response.writeProcessing();
      return send(response, reply);
    case "continue":
      response.writeContinue();
      return send(response, reply);
    case "slow drip":
    case "drip without end":
      response.writeHead(reply.status, reply.headers);
      for (const part of (fault === "slow drip" ? reply.body : reply.body.padEnd(40_000)).match(/[\s\S]{1,400}/g) ?? [])
        if (!response.destroyed) {
          response.write(part);
          await setTimeout(fault === "slow drip" ? 1 : 20);
        }
      return void response.end();
    default:
      return send(response, reply);
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

/** A reply that announces fewer bytes than it has, which node's own server refuses to write. */
function raw({ status, headers, body }: Reply, length: number): string {
  const lines = Object.entries({ ...headers, "content-length": length }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Any`, ...lines, "", body].join("\r\n");
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

function forward({ method, url = "/", headers }: IncomingMessage, body: Buffer, target: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // The signed host stays as it is: the sandbox checks it.
    const prepared = request(new URL(url, target), { method: method ?? "POST", headers }, async (answer) => {
      const text = (await buffer(answer)).toString();
      const requestId = answer.headers["x-request-id"];
      const kept = typeof requestId === "string" ? { "x-request-id": requestId } : {};
      resolve({ status: answer.statusCode ?? 0, headers: { "content-type": "application/json", ...kept }, body: text });
    });
    prepared.once("error", reject).end(body);
  });
}
