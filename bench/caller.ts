// Makes one of the measured calls as one of the contestants, in its own process: node caller.js CONTESTANT CALL
// ADDRESS. For each number on stdin, makes calls with that many in flight, and prints the rate per second.
import { createInterface } from "node:readline";
import { calls, contestants } from "./contestants.js";

/** Duration of one measurement, in milliseconds. */
const SLICE = 200;

const [name, index, address = ""] = process.argv.slice(2);
const [, contestant] = Object.entries(contestants).find(([known]) => known === name) ?? [];
const measured = calls[Number(index)];
if (contestant === undefined || measured === undefined) throw new Error(`no contestant ${name} or call ${index}`);
const call = contestant(new URL(address), measured);

for await (const inFlight of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await rateWith(Number(inFlight))}\n`);
}
// Needed because connections are kept alive.
process.exit();

/** Calls per second with `inFlight` of them in progress at all times. */
async function rateWith(inFlight: number): Promise<number> {
  const start = performance.now();
  let made = 0;
  const caller = async () => {
    const { signal } = new AbortController();
    while (performance.now() - start < SLICE) {
      await call(signal);
      made += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return made / ((performance.now() - start) / 1000);
}
