import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { ServiceId } from "../../src/catalogue/services.js";
import { portOf } from "../support/ports.js";

/** What happens to a request on its way to a cloud, or to its answer on the way back. */
export type Fault = "unavailable" | "throttled" | "lost" | "silent" | "kill before" | "kill after";

export interface FaultyWay {
  readonly endpoints: Readonly<Record<string, string>>;
  /** Faults by kind, that happened. */
  readonly happened: ReadonlyMap<Fault, number>;
  close(): Promise<void>;
}

export interface FaultyWayOptions {
  readonly endpoints: Readonly<Record<ServiceId, string>>;
  /** Asked for each request; undefined: it passes. */
  readonly faultFor: (service: string) => Fault | undefined;
  /** Ends the program that sent the request, as a kill does. */
  readonly kill: () => void;
}

/** A proxy in front of each service. */
export async function openFaultyWay({ endpoints, faultFor, kill }: FaultyWayOptions): Promise<FaultyWay> {
  const happened = new Map<Fault, number>();
  const opened = await Promise.all(
    Object.entries(endpoints).map(async ([service, cloud]) => {
      const server = createServer(async (message, response) => {
        const fault = faultFor(service);
        if (fault !== undefined) happened.set(fault, (happened.get(fault) ?? 0) + 1);
        await pass(cloud, service, message, response, fault, kill).catch(() => response.destroy());
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return { service, server, url: `http://127.0.0.1:${portOf(server.address())}` };
    }),
  );
  return {
    endpoints: Object.fromEntries(opened.map(({ service, url }) => [service, url])),
    happened,
    close: async () => {
      for (const { server } of opened) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function pass(
  cloud: string,
  service: string,
  message: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
  kill: () => void,
): Promise<void> {
  const body = await read(message);
  switch (fault) {
    case "unavailable":
      return void response.writeHead(503, { "content-type": "text/html" }).end("<h1>503</h1>");
    case "throttled":
      return refuse(service, response);
    case "silent":
      // The program gives up in its own time.
      return;
    case "kill before":
      kill();
      return void response.destroy();
    default: {
      const reply = await passedOn(cloud, message, body);
      if (fault === "kill after") kill();
      if (fault !== undefined) return void response.destroy();
      response.writeHead(reply.status, reply.headers).end(reply.body);
    }
  }
}

/** As the cloud refuses a call that is one too many (docs/cloud-behaviour.md 1.5). */
function refuse(service: string, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  if (service.startsWith("tencent")) {
    const refused = { Code: "RequestLimitExceeded", Message: "Too many calls." };
    response.writeHead(200, json).end(JSON.stringify({ Response: { Error: refused, RequestId: "throttled" } }));
    return;
  }
  if (service.startsWith("alibaba")) {
    const Message = "Request was denied due to user flow control.";
    response.writeHead(400, json).end(JSON.stringify({ RequestId: "throttled", Code: "Throttling.User", Message }));
    return;
  }
  response.writeHead(429, json).end(JSON.stringify({ error_code: "APIGW.0308", error_msg: "Too many requests." }));
}

/** With its headers as they are: the host is signed, too. */
async function passedOn(cloud: string, message: IncomingMessage, body: Buffer) {
  const sent = forward(cloud, { method: message.method ?? "POST", headers: message.headers, path: message.url ?? "/" });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
  sent.end(body);
  const reply = await answered;
  return { status: reply.statusCode ?? 502, headers: reply.headers, body: await read(reply) };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
