import type { Trace } from "../catalogue/operation.js";
import { Excluded, Failure } from "../failure.js";
import { notSeen, type Told } from "./failures.js";
import type { Success } from "./protocols/protocol.js";

/** The read by which it can be told whether the call was carried out; undefined where none tells for certain. */
export function traceOf({ operation, params }: Told): Trace | undefined {
  return operation.effect === "read" ? undefined : operation.trace?.(params);
}

/**
 * Finds out by a documented read what became of a change whose reply was lost.
 * @param read carries out the read
 * @returns the success that the lost reply would have told
 * @throws {Failure} `lost` with what was found, when the change is not seen
 */
export async function findOut(
  trace: Trace,
  lost: Failure,
  read: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Success> {
  const { name } = trace.read;
  if (lost.facts.code !== undefined && lost.facts.code === trace.gone) return found(trace, lost);
  try {
    if (trace.shows(await read())) return found(trace, lost);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.facts.code !== undefined && error.facts.code === trace.gone) return found(trace, lost);
    throw notSeen(lost, name, error instanceof Excluded ? "excluded" : "unread");
  }
  throw notSeen(lost, name, "not");
}

function found({ read, result }: Trace, { facts }: Failure): Success {
  const { requestId } = facts;
  const note = `No clear reply came to the request, but ${read.name} shows afterwards that it was carried out.`;
  return { ok: true, result, notes: [note], ...(requestId !== undefined && { requestId }) };
}
