import type { FastifyServerOptions } from "fastify";
import type { TextOutput } from "../lib/text-output.js";
import { requestNow } from "./request-facts.js";

/**
 * A log of one JSON document a line, each with the request and the trace that it belongs to. Nothing is logged of a
 * request but its method, path and outcome: a query or a header may hold what is secret.
 */
export function jsonLog(
  output: TextOutput,
  redact: (line: string) => string,
): NonNullable<FastifyServerOptions["logger"]> {
  return {
    level: "info",
    base: null,
    messageKey: "message",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    mixin: () => {
      const facts = requestNow();
      if (facts === undefined) return {};
      const { id, trace, identity } = facts;
      return { request_id: id, trace_id: trace.traceId, span_id: trace.spanId, person: identity.person.id };
    },
    stream: { write: (line: string) => void output.write(redact(line)) },
  };
}
