import { randomBytes } from "node:crypto";

/** Where a request belongs in a distributed trace (W3C Trace Context, section 3.2). */
export interface Trace {
  readonly traceId: string;
  /** Of the caller's span; absent if the trace begins here. */
  readonly parentId?: string;
  /** Of what this server does for the request. */
  readonly spanId: string;
  readonly flags: string;
}

/** The trace that a `traceparent` header continues; a new one if there is none or it is not valid. */
export function traceOf(header: string | undefined): Trace {
  const spanId = randomBytes(8).toString("hex");
  // A later version may be longer; what is known of it is read the same way (section 4.3).
  const [, version, traceId, parentId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(header?.trim() ?? "") ?? [];
  const isValid = version !== "ff" && (version !== "00" || header?.trim().length === 55);
  if (!isValid || traceId === undefined || parentId === undefined || flags === undefined) return begun(spanId);
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return begun(spanId);
  return { traceId, parentId, spanId, flags };
}

function begun(spanId: string): Trace {
  return { traceId: randomBytes(16).toString("hex"), spanId, flags: "00" };
}
