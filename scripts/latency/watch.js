// Loaded by scripts/latency/run.js into each server that the tests start (--import): reports how long the event loop
// was blocked, and by which message. Counts processor time, not the clock: the machine may be busy otherwise.
import { appendFileSync, readFileSync } from "node:fs";

const file = process.env.LATENCY_FILE;
const worthTelling = 20;
const tick = 2;

/** Processor time of the main thread in milliseconds; by the clock if the system does not report it. */
function onProcessor() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

let message = "";
/** The first call loads modules that every call needs, whatever its message. */
let loaded = false;

const { stdin, stdout } = process;
const on = stdin.on.bind(stdin);
stdin.on = (event, listener) => {
  if (event !== "data") return on(event, listener);
  return on(event, (chunk) => {
    const text = chunk.subarray(0, 300).toString("latin1");
    if (text.includes('"method"')) message = text;
    listener(chunk);
  });
};
const write = stdout.write.bind(stdout);
stdout.write = (chunk, ...rest) => {
  if (String(chunk).includes('"content"')) setTimeout(() => (loaded = true), 50).unref();
  return write(chunk, ...rest);
};

let before = onProcessor();
setInterval(() => {
  const now = onProcessor();
  const held = now - before;
  before = now;
  if (file && loaded && held > worthTelling) appendFileSync(file, `${JSON.stringify({ held, message })}\n`);
}, tick).unref();
