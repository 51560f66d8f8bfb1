import type { FastifyInstance } from "fastify";

/** Something without which this server cannot do its work. */
export interface Readiness {
  readonly name: string;
  /** @throws if it is not available now */
  readonly check: () => Promise<unknown>;
}

export const healthPaths: readonly string[] = ["/healthz", "/readyz"];

/** For an orchestrator: whether the process lives, and whether it should get requests. */
export function serveHealth(app: FastifyInstance, ending: AbortSignal, needs: readonly Readiness[]): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (request, reply) => {
    if (ending.aborted) return reply.code(503).send({ status: "ending" });
    const checked = await Promise.allSettled(needs.map(({ check }) => check()));
    const missing = needs.filter((_, index) => checked[index]?.status === "rejected").map(({ name }) => name);
    if (missing.length === 0) return { status: "ok" };
    request.log.warn({ missing }, "not ready");
    return reply.code(503).send({ status: "not ready", missing });
  });
}
