import { createServer } from "node:http";
import { listen } from "./ports.js";
import { type Postgres, sharedServer, startPostgres } from "./postgres.js";

/** Offers one PostgreSQL to all workers of the run, which is started when the first of them asks, and ends with the run. */
export default async function (): Promise<() => Promise<void>> {
  let shared: Promise<Postgres> | undefined;
  const server = createServer((_, response) => {
    shared ??= startPostgres();
    shared.then(
      ({ port }) => response.end(String(port)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  process.env[sharedServer] = `http://127.0.0.1:${await listen(server)}`;
  return async () => {
    server.close();
    await (await shared)?.end();
  };
}
