import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";

/** A port of loopback at which nothing listens. One that was given out and back may be another test's by now. */
export const closedPort = 1;

/** A port of loopback that nobody uses now, and that the system gives to nobody who asks for any. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** Several such ports. */
export const freePorts = (count: number) => Promise.all(Array.from({ length: count }, freePort));

/** The port in the address of a server that listens on one. */
export function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("not listening on a port");
  return address.port;
}

/** Lets a server listen at a port of loopback that the system chooses, and gives the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server.address());
}

/** Ends a server and its connections. */
export async function stop(server: Pick<HttpServer, "closeAllConnections" | "close">): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
