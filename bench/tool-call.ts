import { setTimeout } from "node:timers/promises";
import { describeCertificates } from "../src/catalogue/tencent-ssl/describe-certificates.js";
import { bareUndici } from "./contestants.js";
import { inTurns, spreadOf } from "./measure.js";
import { cli } from "./places.js";
import { startReplies } from "./reply-process.js";
import { type Figure, type Row, rowOf, type Unit } from "./row.js";
import { everyCloud } from "./start.js";
import { StdioServer } from "./stdio.js";

const MILLISECONDS: Unit = { name: "ms", digits: 2, ratio: "share" };
const ROUNDS = 61;
/** In milliseconds. */
const MAX_ADDED = 2;
/** The server keeps to Tencent Cloud's 10 calls per second; calls at this interval never wait for their turn. */
const PACE = 115;

/** One tool call over stdio, from line to line, compared with the HTTP call that it makes. */
export async function toolCall(): Promise<(Row | Figure)[]> {
  const replies = await startReplies("DescribeCertificates");
  const args = ["--endpoint", `tencent-ssl=${replies.address.origin}`];
  const server = new StdioServer(cli, args, everyCloud);
  await server.initialize();
  const params = { Limit: 20, ExpirationSort: "ASC" };
  const bare = bareUndici(replies.address, describeCertificates, params);
  const { signal } = new AbortController();
  const paced = (call: () => Promise<unknown>) => async () => {
    await setTimeout(PACE);
    const begun = performance.now();
    await call();
    return performance.now() - begun;
  };
  const [ours = [], theirs = []] = await inTurns(ROUNDS, [
    paced(async () => {
      const answer = await server.request("tools/call", { name: "DescribeCertificates", arguments: params });
      if (!answer.includes("aB3dE100fG")) throw new Error(`not the list: ${answer.slice(0, 500)}`);
    }),
    paced(() => bare.call(signal)),
  ]);
  await server.stop();
  await bare.close();
  replies.stop();
  const added = spreadOf(ours.map((whole, round) => whole - (theirs[round] ?? 0))).median;
  const what = "A tool call over stdio, a list of 20 certificates";
  return [
    rowOf({ what, rival: "undici, same bytes", ours, theirs, unit: MILLISECONDS }),
    { what: `${what}: more than its HTTP call`, value: Number(added.toFixed(1)), unit: "ms", atMost: MAX_ADDED },
  ];
}
