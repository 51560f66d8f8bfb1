import type { FastifyInstance } from "fastify";

export const healthPaths: readonly string[] = ["/healthz", "/readyz"];

/**
 * For an orchestrator: whether the process lives, and whether it should get requests.
 * @param needs checks of what this server cannot do its work without, by name; they throw if it is not available now
 */
export function serveHealth(
  app: FastifyInstance,
  ending: AbortSignal,
  needs: Readonly<Record<string, () => Promise<unknown>>>,
): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (request, reply) => {
    if (ending.aborted) return reply.code(503).send({ status: "ending" });
    const checked = await Promise.allSettled(Object.values(needs).map((check) => check()));
    const missing = Object.keys(needs).filter((_, index) => checked[index]?.status === "rejected");
    if (missing.length === 0) return { status: "ok" };
    request.log.warn({ missing }, "not ready");
    return reply.code(503).send({ status: "not ready", missing });
  });
}
