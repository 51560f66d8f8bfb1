import { once } from "node:events";
import { createServer, request as forward, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf, stop } from "./ports.js";

/** Stands between a server and a cloud. */
export interface CloudProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** An answer on its way back. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Buffer;
}

/** What becomes of a request: its answer, nothing because the connection breaks, or nothing for ever. */
export type Outcome = Answer | "lost" | "silence";

/** Decides on a request; `passOn` has the cloud carry it out. */
type Way = (passOn: () => Promise<Answer>, request: IncomingMessage) => Promise<Outcome>;

/** As Tencent Cloud's requests name it. */
const operationOf = ({ headers }: Pick<IncomingMessage, "headers">) => headers["x-tc-action"];
const json = { "content-type": "application/json" };

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
  const proxy = await startProxy(cloud, async (passOn, request) => {
    const answer = await passOn();
    if (operationOf(request) === operation) {
      arrived();
      await release;
    }
    return answer;
  });
  return { ...proxy, held, letGo: () => letGo() };
}

/** @param isLost asked for each operation that the cloud has carried out, whether its answer is lost on the way back */
export function startLosingProxy(
  cloud: string,
  isLost: (operation: unknown, answer: string, request: Pick<IncomingMessage, "method">) => boolean,
): Promise<CloudProxy> {
  return startProxy(cloud, async (passOn, request) => {
    const answer = await passOn();
    return isLost(operationOf(request), String(answer.body), request) ? "lost" : answer;
  });
}

/** @param altered gives the answer to an operation as the server is to read it */
export function startAlteringProxy(
  cloud: string,
  altered: (operation: unknown, answer: string) => string,
): Promise<CloudProxy> {
  return startProxy(cloud, async (passOn, request) => {
    const { status, body } = await passOn();
    return { status, headers: json, body: altered(operationOf(request), String(body)) };
  });
}

/** @param onAnswered hears of each request that the cloud has answered, before its sender does */
export function startWatchingProxy(
  cloud: string,
  onAnswered: (request: Pick<IncomingMessage, "method" | "headers">) => void,
): Promise<CloudProxy> {
  return startProxy(cloud, async (passOn, request) => {
    const answer = await passOn();
    onAnswered(request);
    return answer;
  });
}

/** An address at which nothing answers, until the way to the cloud is opened there. */
export async function startDownProxy(cloud: string): Promise<CloudProxy & { up(): Promise<void> }> {
  const { url, close } = await startProxy(cloud, (passOn) => passOn());
  const { port } = new URL(url);
  await close();
  let closeAgain = async () => {};
  const up = async () => {
    ({ close: closeAgain } = await startProxy(cloud, (passOn) => passOn(), Number(port)));
  };
  return { url, up, close: () => closeAgain() };
}

/** A proxy at which `way` decides on each request. */
export async function startProxy(cloud: string, way: Way, port = 0): Promise<CloudProxy> {
  const server = createServer(async (message, response) => {
    const body = await buffer(message);
    const outcome = await way(() => forwardToCloud(cloud, message, body), message);
    if (outcome === "silence") return;
    if (outcome === "lost") return void response.destroy();
    response.writeHead(outcome.status, outcome.headers).end(outcome.body);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${portOf(server.address())}`, close: () => stop(server) };
}

/** With its headers as they are: the host is signed too. */
async function forwardToCloud(
  cloud: string,
  { method = "POST", headers, url: path = "/" }: IncomingMessage,
  body: Buffer,
) {
  const sent = forward(cloud, { method, headers, path });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
  sent.end(body);
  const reply = await answered;
  return { status: reply.statusCode ?? 502, headers: reply.headers, body: await buffer(reply) };
}
