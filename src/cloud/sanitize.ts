import { documentedPart, noteOnOmitted } from "../catalogue/documented-reply.js";
import { entryOf } from "../catalogue/errors/index.js";
import type { Operation } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { sensitiveValues } from "../catalogue/sensitive.js";
import { type JsonObject, mapTexts } from "../lib/json.js";
import { type Redact, redactedStart } from "../lib/redacted-start.js";
import type { Rejection, Success } from "./protocols/protocol.js";

/**
 * What the cloud says without secrets, and not too long. Secrets that are known are masked first: what is replaced or
 * cut afterwards would leave pieces of them that nothing recognises. The members of a success are masked where they
 * become visible, because secrets among them belong into the vault.
 */
export function sanitizedOutcome(
  outcome: Success | Rejection,
  operation: Operation,
  params: JsonObject,
  redact: Redact,
): Success | Rejection {
  const start = (text: string) => redactedStart(text, MAX_TEXT_LENGTH, redact);
  const { requestId, ...said } = outcome;
  const id = requestId === undefined ? {} : { requestId: start(requestId) };
  if (said.ok) return withoutRequestSecrets({ ...said, ...id }, operation, params);
  const { code, message, accessDenied, ...rest } = said;
  const masked = {
    ...rest,
    code: start(code),
    message: start(message),
    ...(accessDenied && { accessDenied: mapTexts(accessDenied, start) }),
    ...id,
  };
  return withoutRequestSecrets(masked, operation, params);
}

/** Longest code, id or message taken from a reply, in characters; a tenth of this is shown. */
const MAX_TEXT_LENGTH = 20_000;

/**
 * Removes secrets of the request from its reply by position, at the point where the reply arrives. Nothing is compared
 * with a password: a caller could otherwise guess it in another argument, and see what is masked.
 */
function withoutRequestSecrets(
  outcome: Success | Rejection,
  operation: Operation,
  params: JsonObject,
): Success | Rejection {
  const given = sensitiveValues(operation.params, params).filter(({ value }) => value !== "");
  if (given.some(({ content }) => content === "password")) {
    return outcome.ok ? withoutUndocumented(outcome, operation) : withoutWords(outcome, operation);
  }
  const holdsSecret = given.some(({ content }) => isSecret(content));
  if (outcome.ok || !holdsSecret) return outcome;
  const { accessDenied, message, ...rest } = outcome;
  return {
    ...rest,
    message: withoutEncodedData(message),
    ...(accessDenied && { accessDenied: mapTexts(accessDenied, withoutEncodedData) }),
  };
}

/** No message needs such a long word with a digit in it: it is encoded data of some kind. */
function withoutEncodedData(message: string): string {
  return message.replace(/[A-Za-z0-9+/=_-]{40,}/g, (word) => (/\d/.test(word) ? "[encoded data]" : word));
}

function withoutUndocumented(
  { requestId, result, notes = [], ...rest }: Success,
  { result: schema }: Operation,
): Success {
  const part = documentedPart(schema, result);
  const allNotes = [...notes, ...noteOnOmitted(part, "the request carried a password")];
  return { ...rest, result: part.value, ...idIfUuid(requestId), ...(allNotes.length > 0 && { notes: allNotes }) };
}

/** The cloud's own code if it is documented, otherwise the documented part of it. */
function withoutWords({ requestId, accessDenied: _, ...rejection }: Rejection, { service }: Operation): Rejection {
  const code = rejection.code === "" ? "" : (entryOf(service, rejection.code)?.code ?? "not shown");
  return { ...rejection, code, message: "", withheld: true, ...idIfUuid(requestId) };
}

const uuid = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

function idIfUuid(requestId: string | undefined): { requestId?: string } {
  return requestId !== undefined && uuid.test(requestId) ? { requestId } : {};
}
