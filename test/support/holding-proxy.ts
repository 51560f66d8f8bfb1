import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between a server and a cloud, and keeps one operation's answers back until they are let go. */
export interface HoldingProxy {
  readonly url: string;
  /** Resolves when the cloud has carried the held operation out. */
  readonly held: Promise<void>;
  letGo(): void;
  close(): Promise<void>;
}

/** @param operation as Tencent Cloud names it in X-TC-Action; all others pass */
export async function startHoldingProxy(cloud: string, operation: string): Promise<HoldingProxy> {
  let arrived = () => {};
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const release = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer(async (message, response) => {
    const reply = await passedOn(cloud, message);
    if (message.headers["x-tc-action"] === operation) {
      arrived();
      await release;
    }
    response.writeHead(reply.status, { "content-type": "application/json" }).end(reply.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    held,
    letGo: () => letGo(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** With its headers as they are: the host is signed too. */
async function passedOn(cloud: string, message: IncomingMessage) {
  const body = await read(message);
  const sent = forward(cloud, { method: message.method ?? "POST", headers: message.headers, path: message.url ?? "/" });
  sent.end(body);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
  const reply = await answered;
  return { status: reply.statusCode ?? 502, body: await read(reply) };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("not listening on a port");
  return address.port;
}
