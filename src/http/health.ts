import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { messageOf } from "../lib/failure.js";

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
  const check = checkOf(needs, app.log);
  app.get("/readyz", async (_request, reply) => {
    const missing = ending.aborted ? [] : await check();
    // It may also have begun to end meanwhile.
    if (ending.aborted) return reply.code(503).send({ status: "ending" });
    return missing.length === 0 ? { status: "ok" } : reply.code(503).send({ status: "not ready", missing });
  });
}

/** How long the outcome of a check counts, in milliseconds: whoever asks more often causes no more work. */
const COUNTS = 1_000;

/** Checks what is needed, one check at a time. @returns what is missing; only the operator's log has the reasons */
function checkOf(
  needs: Readonly<Record<string, () => Promise<unknown>>>,
  log: Pick<FastifyBaseLogger, "warn">,
): () => Promise<readonly string[]> {
  const look = async () => {
    const names = Object.keys(needs);
    const outcomes = await Promise.allSettled(Object.values(needs).map((check) => check()));
    const why = outcomes.flatMap((each, index) =>
      each.status === "rejected" ? [[names[index] ?? "", messageOf(each.reason)] as const] : [],
    );
    if (why.length > 0) log.warn({ missing: Object.fromEntries(why) }, "not ready");
    return why.map(([name]) => name);
  };
  let checked: Promise<readonly string[]> | undefined;
  return () => {
    checked ??= look().finally(() => {
      setTimeout(() => {
        checked = undefined;
      }, COUNTS).unref();
    });
    return checked;
  };
}
