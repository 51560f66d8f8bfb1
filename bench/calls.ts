import { startCaller } from "./caller-process.js";
import { calls } from "./contestants.js";
import { inTurns } from "./measure.js";
import { startReplies } from "./reply-process.js";
import { officialSdks } from "./rivals.js";
import { type Row, rowOf, type Unit } from "./row.js";

const CALLS_A_SECOND: Unit = { name: "/s", digits: 0, ratio: "share" };
const ROUNDS = 41;

/** Calls per second of our client, the official SDKs and bare undici, with 1 and with 50 in flight. */
export async function callsASecond(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const index of calls.keys()) for (const inFlight of [1, 50]) rows.push(...(await compare(index, inFlight)));
  return rows;
}

async function compare(index: number, inFlight: number): Promise<Row[]> {
  const measured = calls[index];
  if (measured === undefined) throw new Error(`no call ${index}`);
  const { operation, answered, what } = measured;
  const replies = await startReplies(answered);
  const callers = (["ours", "official", "undici"] as const).map((one) => startCaller(one, index, replies.address));
  const [ours = [], official = [], undici = []] = await inTurns(
    ROUNDS,
    callers.map((caller) => () => caller.rateWith(inFlight)),
  );
  for (const caller of callers) caller.stop();
  replies.stop();
  const many = inFlight > 1;
  // For a list, most of the time goes into JSON.parse in both clients.
  const isList = answered === "DescribeCertificates";
  const common = { what: `Calls, ${inFlight} in flight, ${what}`, ours, unit: CALLS_A_SECOND };
  const { name } = officialSdks[operation.service.cloud];
  return [
    rowOf({ ...common, rival: name, theirs: official, ...(many && { limit: { atLeast: isList ? 1.3 : 2 } }) }),
    rowOf({ ...common, rival: "undici, same bytes", theirs: undici }),
  ];
}
