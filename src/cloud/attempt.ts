import { setImmediate } from "node:timers/promises";
import { ToolError } from "../lib/tool-error.js";
import type { Circuit, CircuitPermit } from "./circuit.js";
import type { ClockSkew } from "./clock-skew.js";
import type { CallDeadline } from "./deadline.js";
import {
  cancelledError,
  denialError,
  kindOf,
  noReplyError,
  oversizedReplyError,
  rejectionError,
  unreadableReplyError,
} from "./errors.js";
import { type HttpReply, TransportFault } from "./http.js";
import { circuitOpen, tooManyWaiting } from "./not-sent-errors.js";
import type { Rejection } from "./protocols/protocol.js";
import type { RateSlot, Rates } from "./rate-limit.js";
import type { PreparedRequest } from "./request-builder.js";
import { type AttemptResult, type FailedAttempt, hintIn, mayRepeatUnclear } from "./retry.js";
import type { Transport } from "./transport.js";

/** What an attempt needs. */
export interface AttemptDeps {
  readonly rates: Rates;
  readonly circuit: Circuit;
  readonly clocks: ClockSkew;
  readonly transport: Transport;
  /** How long to wait for a reply to begin if the call may be repeated, in milliseconds. */
  readonly replyTimeout: number;
}

/**
 * One attempt: waits for the rate limit, passes the circuit breaker, exchanges request and reply, and interprets the reply.
 * @throws {ToolError} only if the call cannot be sent at all
 */
export async function attempt(
  call: PreparedRequest,
  deadline: CallDeadline,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const { rates, circuit, clocks, transport, replyTimeout } = deps;
  let slot: RateSlot | undefined;
  try {
    slot = await rates.enter(call.operation, deadline.left(), deadline.signal);
  } catch (error) {
    if (error instanceof ToolError) return definitive(error);
    throw error;
  }
  const admission = admit(call, deadline, slot, circuit);
  if ("failure" in admission) return admission;
  const signedAt = clocks.nowAt(call.operation.service);
  // A call that may not be repeated waits for its reply until the deadline.
  const patience = mayRepeatUnclear(call) ? replyTimeout : 0;
  let reply: HttpReply;
  try {
    reply = await transport.exchange(call.sign(signedAt), deadline.signal, patience);
  } catch (fault) {
    if (fault instanceof TransportFault) return withoutReply(call, fault, deadline, admission);
    admission.slot.giveBack();
    admission.circuitPermit.release();
    throw fault;
  }
  admission.slot.leave();
  // Yields to other work before and after a long reply is parsed.
  if (reply.body.length > LONG_REPLY) await setImmediate();
  const result = interpretReply(call, reply, signedAt, admission.circuitPermit, deps);
  if (reply.body.length > LONG_REPLY) await setImmediate();
  return result;
}

/** In characters; shorter ones are parsed in a few milliseconds. */
const LONG_REPLY = 256 * 1024;

interface Admission {
  readonly slot: RateSlot;
  readonly circuitPermit: CircuitPermit;
}

/** The permit to send an attempt, or why it is not sent. @param slot undefined if none is available in time */
function admit(
  call: PreparedRequest,
  deadline: CallDeadline,
  slot: RateSlot | undefined,
  circuit: Circuit,
): Admission | FailedAttempt {
  if (deadline.cancelled) {
    slot?.giveBack();
    return definitive(cancelledError(call, false));
  }
  if (slot === undefined || deadline.left() === 0) {
    slot?.giveBack();
    return definitive(tooManyWaiting(call.operation));
  }
  const circuitPermit = circuit.tryEnter();
  if (!("retryIn" in circuitPermit)) return { slot, circuitPermit };
  slot.giveBack();
  return definitive(circuitOpen(call.operation, circuitPermit));
}

/** What a complete reply means for the call, the circuit, the rate and the clock. */
function interpretReply(
  call: PreparedRequest,
  reply: HttpReply,
  signedAt: Date,
  circuitPermit: CircuitPermit,
  deps: AttemptDeps,
): AttemptResult {
  const outcome = call.decode(reply);
  if (outcome === undefined) {
    circuitPermit.fault(`HTTP ${reply.status} with a reply that is not the cloud's own`);
    return { ok: false, failure: unreadableReplyError(call, reply), outcome: "unknown", wait: hintIn(reply, signedAt) };
  }
  circuitPermit.answered();
  if (!outcome.ok) return { ...rejectedAttempt(call, outcome, reply, signedAt, deps), wait: hintIn(reply, signedAt) };
  deps.rates.succeeded(call.operation);
  const { operation, params } = call;
  const denial = operation.effect === "read" ? undefined : operation.denial?.(params, outcome.result);
  return denial === undefined ? outcome : definitive(denialError(call, denial, outcome, reply.status));
}

function rejectedAttempt(
  call: PreparedRequest,
  rejection: Rejection,
  reply: HttpReply,
  signedAt: Date,
  { rates, clocks }: AttemptDeps,
): FailedAttempt {
  const { operation } = call;
  const kind = kindOf(operation, rejection, reply.status);
  const failure = rejectionError(call, rejection, reply.status);
  if (kind === "throttled") {
    rates.throttled(operation);
    return { ok: false, failure, outcome: "not sent", throttled: true };
  }
  // A request with a refused signature did nothing.
  if (clocks.learn(operation.service, kind, reply, signedAt)) {
    return { ok: false, failure, outcome: "not sent", clockWasWrong: true };
  }
  // A repeat would get a specific code again, and an error without a code may be one.
  return { ok: false, failure, outcome: kind === "temporary" ? "unknown" : "definitive" };
}

/** No complete reply came. */
function withoutReply(
  call: PreparedRequest,
  fault: TransportFault,
  deadline: CallDeadline,
  { slot, circuitPermit }: Admission,
): FailedAttempt {
  if (fault.sent) slot.leave();
  else slot.giveBack();
  if (deadline.cancelled) {
    circuitPermit.release();
    return definitive(cancelledError(call, fault.sent));
  }
  if (fault.oversized) {
    // The service does answer, and a repeat would get the same answer.
    circuitPermit.answered();
    return definitive(oversizedReplyError(call, fault));
  }
  circuitPermit.fault(deadline.expired ? "no answer in time" : fault.message);
  const failure = noReplyError(call, fault, deadline.expired ? deadline.length / 1000 : undefined);
  return { ok: false, failure, outcome: fault.sent ? "unknown" : "not sent" };
}

function definitive(failure: FailedAttempt["failure"]): FailedAttempt {
  return { ok: false, failure, outcome: "definitive" };
}
