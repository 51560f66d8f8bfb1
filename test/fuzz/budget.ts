import { readFileSync } from "node:fs";

/**
 * How many inputs, and from which seed: `npm run fuzz` sets both; a plain test run takes a small part, from a seed of its
 * own day so that the days add up.
 */
const wanted = Number(process.env.FUZZ_INPUTS ?? 12_000);
export const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));

/** The share of one target. */
export const inputs = (share: number) => Math.max(1, Math.round(wanted * share));

/** Longest that one input may keep a processor busy, in milliseconds. What a loaded machine does in between is not counted. */
export const MAX_MS = 100;

/** What was tried and how long the slowest took, for whoever reads the run. */
export function tell(target: string, tried: number, slowest: number): void {
  process.stderr.write(`fuzz ${target}: ${tried} inputs, seed ${seed}, slowest ${slowest.toFixed(1)} ms\n`);
}

/**
 * How long `work` keeps a processor busy, in milliseconds, as `spent` counts them. Collecting garbage of earlier inputs
 * makes it seem longer, so that what seems too long is measured again, and the shortest counts.
 */
export async function timed(work: () => void | Promise<void>, spent: () => number = spentHere): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && shortest > MAX_MS; attempt += 1) {
    const before = spent();
    await work();
    shortest = Math.min(shortest, spent() - before);
  }
  return shortest;
}

function spentHere(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds that a process has kept processors busy, in steps of 10: proc(5), utime and stime of `/proc/PID/stat`. */
export function spentBy(pid: number): number {
  const [, afterName = ""] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ");
  const fields = afterName.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
