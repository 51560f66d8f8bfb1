import type { z } from "zod";
import { defineRead, type Operation, type ReadOperation } from "./operation.js";
import { secretNames } from "./sensitive.js";

/**
 * The same documented action as an ordinary read, for callers that need status, chain or names but no key. The policy
 * applies to it under its documented name. The cloud has no such variant: its reply still holds the key, which
 * reaches this process inside the TLS connection and is dropped when the reply is decoded. Nothing later sees it: it
 * does not enter the vault, and nobody has to approve it.
 */
export function withoutKeys<Params extends z.AnyZodObject, Result extends z.AnyZodObject>(
  operation: Operation<Params, Result>,
): ReadOperation<Params, Result> {
  const { name, service, title, summary, params, result, replyFacts, errors, sites, permission } = operation;
  return defineRead({
    name,
    service,
    title,
    summary,
    params,
    result,
    errors,
    ...(replyFacts && { replyFacts }),
    ...(sites && { sites }),
    ...(permission && { permission }),
    droppedMembers: new Set(secretNames(result)),
  });
}
