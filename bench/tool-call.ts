import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describeCertificates } from "../src/catalogue/tencent-ssl/describe-certificates.js";
import { bundle } from "./bundle.js";
import { bareUndici } from "./contestants.js";
import { inTurns, spreadOf } from "./measure.js";
import { cli, root } from "./paths.js";
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

/** One tool call over stdio, from line to line, compared with the HTTP call that it makes and with a bare SDK server. */
export async function toolCall(): Promise<(Row | Figure)[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-bench-"));
  const replies = await startReplies("DescribeCertificates");
  try {
    const bare = join(folder, "bare.mjs");
    await bundle(join(root, "bench/bare-list-server.ts"), bare);
    const { origin, href } = replies.address;
    return await compare(
      new StdioServer(cli, ["--endpoint", `tencent-ssl=${origin}`], everyCloud),
      new StdioServer(bare, [href]),
      replies.address,
    );
  } finally {
    replies.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(server: StdioServer, bareServer: StdioServer, address: URL): Promise<(Row | Figure)[]> {
  const params = { Limit: 20, ExpirationSort: "ASC" };
  const undici = bareUndici(address, describeCertificates, params);
  const { signal } = new AbortController();
  const listWith = async (contestant: StdioServer) => {
    const answer = await contestant.request("tools/call", { name: "DescribeCertificates", arguments: params });
    if (!answer.includes("aB3dE100fG")) throw new Error(`not the list: ${answer.slice(0, 500)}`);
  };
  await server.initialize();
  await bareServer.initialize();
  const [ours = [], bare = [], http = []] = await inTurns(ROUNDS, [
    timed(() => listWith(server)),
    timed(() => listWith(bareServer)),
    timed(() => undici.call(signal)),
  ]);
  await Promise.all([server.stop(), bareServer.stop(), undici.close()]);

  const what = "A tool call over stdio, a list of 20 certificates";
  const addedBy = (whole: readonly number[]) =>
    Number(spreadOf(whole.map((time, round) => time - (http[round] ?? Number.NaN))).median.toFixed(1));
  return [
    rowOf({ what, rival: "undici, same bytes", ours, theirs: http, unit: MILLISECONDS }),
    rowOf({ what, rival: "bare SDK server, nothing checked", ours, theirs: bare, unit: MILLISECONDS }),
    { what: `${what}: more than its HTTP call`, value: addedBy(ours), unit: "ms", atMost: MAX_ADDED },
    { what: "The same of the bare SDK server", value: addedBy(bare), unit: "ms" },
  ];
}

/** The milliseconds of a call, after a pause. */
function timed(call: () => Promise<unknown>): () => Promise<number> {
  return async () => {
    await setTimeout(PACE);
    const begun = performance.now();
    await call();
    return performance.now() - begun;
  };
}
