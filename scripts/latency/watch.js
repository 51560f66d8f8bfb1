// Loaded into each server that the tests start (--import) by scripts/latency/run.js: tells how long the event loop was
// held, and by which message. Time on the processor counts, not the clock: others may be busy on the machine.
import { appendFileSync, readFileSync } from "node:fs";

const file = process.env.LATENCY_FILE;
const worthTelling = 20;
const tick = 2;

/** Milliseconds that the main thread has had a processor; by the clock where the system does not tell. */
function onProcessor() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

let message = "";
/** The first call loads what calls stand on, whatever it says. */
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
