import { EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const witness = fileURLToPath(new URL("witness.js", import.meta.url));

/**
 * A command that starts the server behind a witness, and what the witness sees.
 * @param {readonly string[]} args what Node is to run: the server's file and its arguments
 */
export async function watchServer(args) {
  const seen = { stdout: [], stderr: [], ended: [] };
  const news = new EventEmitter();
  const listener = createServer((socket) => {
    createInterface({ input: socket }).on("line", (line) => {
      for (const [kind, what] of Object.entries(JSON.parse(line))) seen[kind].push(what);
      news.emit("line");
    });
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  // Nothing else of the environment: a home of its own, and no browser.
  const { PATH, HOME } = process.env;
  return {
    command: process.execPath,
    args: [witness, ...args],
    env: { PATH, HOME, CI: "1", WITNESS_PORT: String(listener.address().port) },
    seen,
    /** The first group of the pattern in the newest line of stderr that has it; waits for one. */
    async said(pattern) {
      for (;;) {
        const found = seen.stderr.findLast((line) => pattern.test(line));
        if (found !== undefined) return pattern.exec(found)[1];
        await once(news, "line");
      }
    },
    /** How the server ended, once it has: a client may start it more than once. */
    async ended() {
      await new Promise((resolve) => listener.close(resolve));
      return seen.ended;
    },
  };
}
