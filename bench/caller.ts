// Makes one of the measured calls as one of the contestants, in a process of its own: node caller.js CONTESTANT CALL
// ADDRESS. For each number on stdin it makes calls with so many under way, and prints how many a second.
import { createInterface } from "node:readline";
import { calls, contestants } from "./contestants.js";

/** How long one measurement takes, in milliseconds. */
const SLICE = 200;

const [name, index, address = ""] = process.argv.slice(2);
const [, contestant] = Object.entries(contestants).find(([known]) => known === name) ?? [];
const measured = calls[Number(index)];
if (contestant === undefined || measured === undefined) throw new Error(`no contestant ${name} or call ${index}`);
const call = contestant(new URL(address), measured);

for await (const inFlight of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await rateWith(Number(inFlight))}\n`);
}
// Connections are kept alive.
process.exit();

/** Calls a second with always `inFlight` of them under way. */
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
