import { explainAccessDenied } from "../catalogue/errors/access-denied.js";
import type { ErrorKind } from "../catalogue/errors/fact.js";
import { explainError } from "../catalogue/errors/index.js";
import type { Denial } from "../catalogue/failed-in-reply.js";
import { altersAccount, type Operation } from "../catalogue/operation.js";
import { describeOtherStore } from "../catalogue/store-ids.js";
import { certificateNotFound } from "../catalogue/tencent-ssl/params.js";
import { whereToLook } from "../catalogue/where-to-look.js";
import { type JsonObject, mapTexts, parseObject } from "../lib/json.js";
import { formatId, inQuotes, type SafeText } from "../lib/safe-text.js";
import { cancelledCall, OversizedReplyError, ToolError, type ToolErrorDetails } from "../lib/tool-error.js";
import type { HttpReply, TransportFault } from "./http.js";
import type { Rejection, Success } from "./protocols/protocol.js";

/* Turns failures between us and a cloud into the one error type. */

/** A call, as errors describe it. */
export interface CallInfo {
  readonly operation: Operation;
  readonly params: JsonObject;
}

/** The kind of the cloud's refusal; undefined if neither its code nor what came with it is known. */
export function kindOf({ service }: Operation, rejection: Rejection, httpStatus: number): ErrorKind | undefined {
  // Without a code there may have been no refusal at all.
  if (rejection.code === "") return undefined;
  return explainError(service, rejection.code, { ...rejection, httpStatus })?.kind;
}

/** The cloud understood the call and refused it, with its own code, or said no more than that there is an error. */
export function rejectionError(callInfo: CallInfo, rejection: Rejection, httpStatus: number): ToolError {
  const { operation } = callInfo;
  const { service } = operation;
  const { code, message, requestId, withheld, accessDenied = {} } = rejection;
  const withholding = withheld ? " Its message is not shown: the request carried a password." : "";
  const facts = { kind: "cloud", sent: true, httpStatus, ...(requestId !== undefined && { requestId }) } as const;
  if (code === "") {
    const what = message === "" ? "" : `: ${inQuotes(message)}`;
    return new ToolError({
      ...facts,
      happened: `${service.title} answered ${operation.name} with an error that has no code${what}.${withholding}`,
      ...unknownOutcome(callInfo, "Without a code it is not clear what came of the call"),
    });
  }
  const fact = explainError(service, code, { message, httpStatus });
  const said = message === "" ? formatId(code) : `${formatId(code)}: ${inQuotes(message)}`;
  const isUnclear = altersAccount(operation) && (fact === undefined || fact.mayHaveChanged === true);
  const advice =
    fact?.next ??
    (withheld
      ? "A person can find the cloud's message in its console, in the operation records."
      : "The code is not in the vendor documentation that this server knows; look it up by the request id.");
  // Of what lacks the permission, the cloud knows more than a table.
  const mayBeDenial = fact === undefined || fact.kind === "permission";
  const explained = mayBeDenial ? explainAccessDenied(accessDenied, advice) : undefined;
  const { means = "", next = advice } = explained ?? fact ?? {};
  return new ToolError({
    ...facts,
    happened: `${service.title} refused ${operation.name} with ${said}.${withholding}${means === "" ? "" : ` ${means}`}${otherStoreHint(callInfo, code)}`,
    changed: isUnclear ? "unknown" : "no",
    next: isUnclear ? `${next} ${howToFindOut(callInfo)}` : next,
    code,
  });
}

/** The paths at which an operation of Tencent Cloud SSL takes ids of certificates, one or a list. */
const certificateIdPath = /Cert(?:ificate)?Id(?:(?:s|List)\.\d+)?$/;

/** Where the id of a certificate that is not there may be from, as a sentence to follow others. */
function otherStoreHint({ params }: CallInfo, code: string): string {
  if (code !== certificateNotFound) return "";
  let says: SafeText | undefined;
  mapTexts(params, (text, path) => {
    if (certificateIdPath.test(path)) says ??= describeOtherStore(text);
    return text;
  });
  return says === undefined ? "" : ` ${says}.`;
}

/** The cloud's reply has no error, but says in a documented member that not everything was done. */
export function denialError(
  callInfo: CallInfo,
  { says, changed }: Denial,
  { requestId }: Success,
  httpStatus: number,
): ToolError {
  const { operation } = callInfo;
  return new ToolError({
    kind: "cloud",
    happened: `${operation.service.title} answered ${operation.name} without an error, but said no: ${says}.`,
    changed,
    next: `Read the current state before calling again. ${howToFindOut(callInfo)}`,
    sent: true,
    httpStatus,
    ...(requestId !== undefined && { requestId }),
  });
}

/** An answer that is not the vendor's envelope: an error page of a proxy or gateway, or a truncated reply. */
export function unreadableReplyError(callInfo: CallInfo, reply: HttpReply): ToolError {
  const { operation } = callInfo;
  const kind =
    reply.body.trim() === ""
      ? "an empty reply"
      : parseObject(reply.body) === undefined
        ? `a reply that is not a JSON object (${shapeOf(reply.body)})`
        : `JSON that is neither a result nor an error of its API (${shapeOf(reply.body)})`;
  return new ToolError({
    kind: "cloud",
    happened: `${operation.service.title} answered ${operation.name} with HTTP ${reply.status} and ${kind}.`,
    ...unknownOutcome(callInfo, "Something between this server and the cloud may have answered in its place"),
    sent: true,
    httpStatus: reply.status,
  });
}

const checkNetwork =
  "Ask a person to check the network, the proxy (HTTPS_PROXY, NO_PROXY), the endpoint and, where a certificate is not trusted, NODE_EXTRA_CA_CERTS; then call again.";

/** No complete reply came back. */
export function noReplyError(callInfo: CallInfo, fault: TransportFault, timeoutSeconds: number | undefined): ToolError {
  const { operation } = callInfo;
  const what =
    timeoutSeconds === undefined
      ? `The connection to ${operation.service.title} failed: ${fault.message}.`
      : `${operation.service.title} did not answer ${operation.name} within ${timeoutSeconds} seconds.`;
  return new ToolError(
    {
      kind: "cloud",
      happened: `${what} ${fault.sent ? "The request had been sent." : "The request was never sent."}`,
      sent: fault.sent,
      ...(fault.sent
        ? unknownOutcome(callInfo, "The network or the cloud may be at fault")
        : { changed: "no", next: checkNetwork }),
    },
    { cause: fault },
  );
}

/** A reply came that is too large to read. For a change it contained the outcome, which is now unknown. */
export function oversizedReplyError(callInfo: CallInfo, fault: TransportFault): ToolError {
  const { operation } = callInfo;
  return new OversizedReplyError(
    {
      kind: "cloud",
      happened: `${operation.service.title} answered ${operation.name}, but ${fault.message}, so it was not read.`,
      sent: true,
      ...(operation.effect === "read"
        ? { changed: "no", next: "Ask for less at a time, where the operation has a Limit or a filter for it." }
        : unknownOutcome(callInfo, "The reply contained the outcome")),
    },
    { cause: fault },
  );
}

/** The assistant or the person cancelled the call. */
export function cancelledError(callInfo: CallInfo, sent: boolean): ToolError {
  const { operation } = callInfo;
  if (!sent) return cancelledCall(`${operation.name} was cancelled before the request was sent.`, { sent });
  return new ToolError({
    kind: "cancelled",
    happened: `${operation.name} was cancelled after the request was sent.`,
    sent,
    ...unknownOutcome(callInfo, "The cloud may still carry it out"),
  });
}

/** Like {@link cancelledError}, but after an attempt that certainly did nothing. */
export function cancelledBetweenAttempts({ operation }: CallInfo): ToolError {
  const happened = `${operation.name} was cancelled between two attempts; the one that was sent did nothing.`;
  return cancelledCall(happened, { sent: true });
}

/** An earlier attempt may have been executed, whatever happened to the last one. */
export function earlierAttemptUnknown(callInfo: CallInfo, { details }: ToolError): ToolError {
  return new ToolError({
    ...details,
    happened: `${details.happened} An earlier attempt of ${callInfo.operation.name} may have arrived.`,
    sent: true,
    ...unknownOutcome(callInfo, "The earlier attempt was not answered clearly"),
  });
}

const notSeenTexts = {
  not: ", read afterwards, does not show the change; the cloud may still carry it out",
  unread: " could not be read afterwards, either",
  excluded: ", which would show it, is excluded by this server's policy",
} as const;

/** A documented read was made to find out, and does not show the change. */
export function changeNotSeen({ details }: ToolError, readName: string, shows: keyof typeof notSeenTexts): ToolError {
  return new ToolError({ ...details, happened: `${details.happened} ${readName}${notSeenTexts[shows]}.` });
}

/** A read changes nothing; the outcome of anything else sent without a clear answer is unknown. */
function unknownOutcome(callInfo: CallInfo, why: string): Pick<ToolErrorDetails, "changed" | "next"> {
  if (!altersAccount(callInfo.operation)) return { changed: "no", next: `${why}; call again.` };
  const next = `${why}; read the current state before calling again, because the change may have been made. ${howToFindOut(callInfo)}`;
  return { changed: "unknown", next };
}

/** How to find out, as a sentence. */
function howToFindOut({ operation, params }: CallInfo): string {
  if (operation.effect === "read" || !altersAccount(operation)) return "";
  const where = whereToLook(operation, params);
  return `${where.charAt(0).toUpperCase()}${where.slice(1)}.`;
}

function shapeOf(body: string): string {
  if (/^\s*</.test(body)) return "HTML or XML";
  const many = body.length > 256 * 1024 && /^\s*\{/.test(body) ? ", or more values than are read" : "";
  return `${body.length} characters${many}`;
}
