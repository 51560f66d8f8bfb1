import { explainError } from "../catalogue/errors/index.js";
import type { Operation } from "../catalogue/operation.js";
import type { Cloud } from "../catalogue/services.js";
import { type Changed, Failure } from "../failure.js";
import { credentialVariables } from "./credentials.js";
import type { Rejection } from "./protocols/protocol.js";
import type { HttpReply, TransportFault } from "./transport.js";

/** Turns what went wrong between us and a cloud into the one error type. */

/** The cloud understood the call and refused it, with its own code. */
export function rejected(operation: Operation, rejection: Rejection, httpStatus: number): Failure {
  const { service } = operation;
  const { code, message, requestId } = rejection;
  const fact = explainError(service, code);
  const said = message === "" ? code : `${code}: "${message}"`;
  return new Failure({
    kind: "cloud",
    happened: `${service.title} refused ${operation.name} with ${said}.${fact === undefined ? "" : ` ${fact.means}`}`,
    changed: fact === undefined || fact.mayHaveChanged ? afterSending(operation) : "no",
    next:
      fact?.next ?? "The code is not in the vendor's documents that this server knows; look it up by the request id.",
    sent: true,
    code,
    httpStatus,
    ...(requestId !== undefined && { requestId }),
  });
}

/** An answer that is not the vendor's envelope: an error page of a proxy or gateway, or a reply cut short. */
export function unreadable(operation: Operation, reply: HttpReply): Failure {
  const kind = reply.body.trim() === "" ? "an empty reply" : `a reply that is not its JSON (${shapeOf(reply.body)})`;
  return new Failure({
    kind: "cloud",
    happened: `${operation.service.title} answered ${operation.name} with HTTP ${reply.status} and ${kind}.`,
    changed: afterSending(operation),
    next: afterUnknown(operation, "Something between this server and the cloud may have answered in its place"),
    sent: true,
    httpStatus: reply.status,
  });
}

/** No whole reply came back. */
export function unanswered(operation: Operation, fault: TransportFault, timeoutSeconds: number | undefined): Failure {
  const what =
    timeoutSeconds === undefined
      ? `The connection to ${operation.service.title} failed: ${fault.message}.`
      : `${operation.service.title} did not answer ${operation.name} within ${timeoutSeconds} seconds.`;
  return new Failure(
    {
      kind: "cloud",
      happened: `${what} ${fault.sent ? "The request had been sent." : "The request was never sent."}`,
      sent: fault.sent,
      changed: fault.sent ? afterSending(operation) : "no",
      next: fault.sent
        ? afterUnknown(operation, "The network or the cloud may be at fault")
        : "A person should check the network, the proxy and the endpoint; then call again.",
    },
    { cause: fault },
  );
}

/** The assistant or the person took the call back. */
export function cancelled(operation: Operation, sent: boolean): Failure {
  return new Failure({
    kind: "cancelled",
    happened: `${operation.name} was cancelled ${sent ? "after" : "before"} the request was sent.`,
    sent,
    changed: sent ? afterSending(operation) : "no",
    next: sent ? afterUnknown(operation, "The cloud may still carry it out") : "Call again if it is still wanted.",
  });
}

/** A read changes nothing; of anything else that was sent without a clear answer, nothing is known. */
function afterSending(operation: Operation): Changed {
  return operation.effect === "read" ? "no" : "unknown";
}

function afterUnknown(operation: Operation, why: string): string {
  if (operation.effect === "read") return `${why}; call again.`;
  return `${why}; read the present state before calling again, because the change may have been made.`;
}

function shapeOf(body: string): string {
  return /^\s*</.test(body) ? "HTML or XML" : `${body.length} characters`;
}

/** An earlier attempt may have arrived, whatever became of the last one. */
export function stillUnknown({ effect, name }: Operation, failure: Failure): Failure {
  if (effect === "read" || failure.facts.changed === "unknown") return failure;
  return new Failure({
    ...failure.facts,
    happened: `${failure.facts.happened} An earlier attempt of ${name} may have arrived: outcome unknown.`,
    changed: "unknown",
    sent: true,
    next: "Read the present state before calling again.",
  });
}

export function tooManyWaiting({ name, service }: Operation): Failure {
  return new Failure({
    kind: "cloud",
    happened: `${name} was not sent: more calls wait for ${service.title} than its rate lets through in time.`,
    changed: "no",
    sent: false,
    next: "Wait a little, and call fewer at once.",
  });
}

export function withoutCredentials(cloud: Cloud, title: string): Failure {
  return new Failure({
    kind: "configuration",
    happened: `This server has no credentials for ${title}.`,
    changed: "no",
    next:
      `A person sets ${credentialVariables[cloud]} in the server's environment and restarts it, ` +
      "or starts it with --sandbox to try it without an account.",
  });
}

export function tooLarge(operation: Operation, size: number, limit: number): Failure {
  return new Failure({
    kind: "input",
    happened: `The request for ${operation.name} is ${size} bytes; the cloud takes ${limit} with this signature.`,
    changed: "no",
    next: "Pass less text, or let a person choose another signature where there is one.",
  });
}
