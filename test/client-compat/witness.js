// Stands between a client and the server: starts the server with this Node, hands everything through, and tells whoever
// listens at WITNESS_PORT what it saw. Clients start a server by themselves and keep its stderr and its end to themselves.
//
//   WITNESS_PORT=PORT node witness.js ARGUMENTS-OF-NODE…
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

const listener = connect(Number(process.env.WITNESS_PORT), "127.0.0.1");
const tell = (seen) => listener.write(`${JSON.stringify(seen)}\n`);

const server = spawn(process.execPath, process.argv.slice(2), { stdio: ["inherit", "pipe", "pipe"] });
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.kill(signal));
for (const name of ["stdout", "stderr"]) {
  createInterface({ input: server[name] }).on("line", (line) => tell({ [name]: line }));
  // A client that is gone reads no more; what came of the server is told all the same.
  server[name].pipe(process[name].on("error", () => {}));
}

const [code, signal] = await once(server, "close");
tell({ ended: { code, signal } });
listener.end(() => process.exit(code ?? 1));
