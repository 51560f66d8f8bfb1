import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What goes wrong between a client and a cloud. "Before" means that the cloud never saw the request. */
export const faults = [
  "none",
  "reset before",
  "reset after",
  "stall before",
  "stall after",
  "stall half way",
  "truncated",
  "oversized",
  "html before",
  "html after",
  "wrong length",
  "early hints",
  "slow drip",
  "throttle",
  "fault before",
  "fault after",
] as const;
export type Fault = (typeof faults)[number];

type Vendor = "tencent" | "alibaba" | "huawei";

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** FACTS.md 4.1, 4.2. */
const refusals: Readonly<Record<Vendor, Readonly<Record<"throttle" | "fault", Reply>>>> = {
  tencent: {
    throttle: json(200, { Response: { Error: { Code: "RequestLimitExceeded", Message: "slow" }, RequestId: "r" } }),
    fault: json(200, { Response: { Error: { Code: "InternalError", Message: "oops" }, RequestId: "r" } }),
  },
  alibaba: {
    throttle: json(400, { Code: "Throttling.User", Message: "slow", RequestId: "r" }),
    fault: json(500, { Code: "InternalError", Message: "oops", RequestId: "r" }),
  },
  huawei: {
    throttle: json(429, { error_code: "APIGW.0308", error_msg: "slow", request_id: "r" }),
    fault: json(500, { error_code: "LIVE.100011005", error_msg: "oops" }),
  },
};

const html: Reply = { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" };

export interface FaultProxy {
  readonly url: URL;
  close(): Promise<void>;
}

/** A proxy before one service, on real sockets; `next` says what happens to each request. */
export async function startFaultProxy(target: string, vendor: Vendor, next: () => Fault): Promise<FaultProxy> {
  const server = createServer((message, response) => {
    handle(message, response, { target, vendor, fault: next() }).catch(() => message.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: new URL(`http://127.0.0.1:${address.port}/`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  { target, vendor, fault }: { readonly target: string; readonly vendor: Vendor; readonly fault: Fault },
): Promise<void> {
  const reset = () => message.socket.resetAndDestroy();
  if (fault === "reset before") return void reset();
  const body = await buffer(message);
  if (fault === "stall before") return;
  if (fault === "html before") return send(response, html);
  if (fault === "throttle") return send(response, refusals[vendor].throttle);
  if (fault === "fault before") return send(response, refusals[vendor].fault);
  const reply = await forward(message, body, target);
  switch (fault) {
    case "reset after":
      return void reset();
    case "stall after":
      return;
    case "html after":
      return send(response, html);
    case "fault after":
      return send(response, refusals[vendor].fault);
    case "oversized":
      return send(response, { ...reply, body: reply.body + " ".repeat(3_000_000) });
    case "stall half way":
      response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length + 10 });
      return void response.write(reply.body.slice(0, reply.body.length / 2));
    case "truncated":
      response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length + 10 });
      response.write(reply.body.slice(0, reply.body.length / 2), reset);
      return;
    case "wrong length":
      response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length + 10 });
      response.write(reply.body, reset);
      return;
    case "early hints":
      response.writeEarlyHints({ link: "</x>; rel=preload" });
      return send(response, reply);
    case "slow drip":
      response.writeHead(reply.status, reply.headers);
      for (const part of reply.body.match(/[\s\S]{1,40}/g) ?? []) response.write(part);
      return void response.end();
    default:
      return send(response, reply);
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function forward({ method, url = "/", headers }: IncomingMessage, body: Buffer, target: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // The signed host stays as it is: the sandbox checks it.
    const outgoing = request(new URL(url, target), { method: method ?? "POST", headers }, async (answer) => {
      const text = (await buffer(answer)).toString();
      const requestId = answer.headers["x-request-id"];
      const kept = typeof requestId === "string" ? { "x-request-id": requestId } : {};
      resolve({ status: answer.statusCode ?? 0, headers: { "content-type": "application/json", ...kept }, body: text });
    });
    outgoing.once("error", reject).end(body);
  });
}
