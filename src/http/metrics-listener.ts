import { type FastifyInstance, fastify } from "fastify";
import type { ListenAddress } from "../config/team-options.js";
import type { Metrics } from "./metrics.js";

/** Serves the metrics at an address of their own, which only the operator's Prometheus reaches. */
export async function serveMetrics(metrics: Metrics, listen: ListenAddress): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({ forceCloseConnections: true });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  await app.listen(listen);
  return app;
}
