import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage } from "node:http";
import { portOf } from "./ports.js";

/** Stands between a server and a cloud. */
export interface CloudProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Keeps one operation's answers back until they are let go. */
export interface HoldingProxy extends CloudProxy {
  /** Resolves when the cloud has carried the held operation out. */
  readonly held: Promise<void>;
  letGo(): void;
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
  const proxy = await startProxy(cloud, async (carriedOut) => {
    if (carriedOut === operation) {
      arrived();
      await release;
    }
    return "pass on";
  });
  return { ...proxy, held, letGo: () => letGo() };
}

/** @param isLost asked for each operation that the cloud has carried out, whether its answer is lost on the way back */
export function startLosingProxy(
  cloud: string,
  isLost: (operation: unknown, answer: string, request: Pick<IncomingMessage, "method">) => boolean,
): Promise<CloudProxy> {
  return startProxy(cloud, async (...carriedOut) => (isLost(...carriedOut) ? "lose" : "pass on"));
}

/** @param altered gives the answer to an operation as the server is to read it */
export function startAlteringProxy(
  cloud: string,
  altered: (operation: unknown, answer: string) => string,
): Promise<CloudProxy> {
  return startProxy(cloud, async (operation, answer) => ({ answer: altered(operation, answer) }));
}

/** @param onAnswered hears of each request that the cloud has answered, before its sender does */
export function startWatchingProxy(
  cloud: string,
  onAnswered: (request: Pick<IncomingMessage, "method" | "headers">) => void,
): Promise<CloudProxy> {
  return startProxy(cloud, async (_operation, _answer, request) => {
    onAnswered(request);
    return "pass on";
  });
}

/** An address at which nothing answers, until the way to the cloud is opened there. */
export async function startDownProxy(cloud: string): Promise<CloudProxy & { up(): Promise<void> }> {
  const { url, close } = await startProxy(cloud, async () => "pass on");
  const { port } = new URL(url);
  await close();
  let closeAgain = async () => {};
  const up = async () => {
    ({ close: closeAgain } = await startProxy(cloud, async () => "pass on", Number(port)));
  };
  return { url, up, close: () => closeAgain() };
}

async function startProxy(
  cloud: string,
  decide: (
    operation: unknown,
    answer: string,
    request: IncomingMessage,
  ) => Promise<"pass on" | "lose" | { readonly answer: string }>,
  port = 0,
): Promise<CloudProxy> {
  const server = createServer(async (message, response) => {
    const reply = await forwardToCloud(cloud, message);
    const decided = await decide(message.headers["x-tc-action"], String(reply.body), message);
    if (decided === "lose") return void response.destroy();
    const body = decided === "pass on" ? reply.body : decided.answer;
    response.writeHead(reply.status, { "content-type": "application/json" }).end(body);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** With its headers as they are: the host is signed too. */
async function forwardToCloud(cloud: string, message: IncomingMessage) {
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
