// Answers every HTTP request with the reply to the operation given as argument, as fast as sockets allow. Of HTTP it
// understands only where a request ends. Runs in its own process; prints its port.
import { createServer } from "node:net";
import { replies } from "./replies.js";

const [, reply] = Object.entries(replies).find(([name]) => name === process.argv[2]) ?? [];
if (reply === undefined) throw new Error(`no reply to ${process.argv[2]}`);
const endOfHead = Buffer.from("\r\n\r\n");

const server = createServer({ noDelay: true }, (socket) => {
  let pending = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let length = firstRequest(pending); length > 0; length = firstRequest(pending)) {
      pending = pending.subarray(length);
      socket.write(reply);
    }
  });
});

/** The length of the first request in `bytes`; 0 while it is incomplete. */
function firstRequest(bytes: Buffer): number {
  const end = bytes.indexOf(endOfHead);
  if (end === -1) return 0;
  const head = bytes.toString("latin1", 0, end);
  const body = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const length = end + endOfHead.length + body;
  return bytes.length < length ? 0 : length;
}

// Ends with the bench.
process.stdin.resume().on("end", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
