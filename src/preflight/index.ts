import type { GivenMaterial, StoredUse } from "../catalogue/certificate-arguments.js";
import type { Finding } from "../catalogue/finding.js";
import type { Operation } from "../catalogue/operation.js";
import type { JsonObject } from "../lib/json.js";
import { checkAuthority, checkPair } from "./check-pair.js";
import { checkSigningRequest } from "./check-signing-request.js";
import { checkSmHalves } from "./check-sm-halves.js";

/**
 * What can be found in a call before it is sent, without a network. The catalogue has parsed `params`, and references
 * in them are replaced by their content. Errors come in the order in which the cloud would report them.
 * @param roots roots that clients trust besides those of Node.js, in PEM
 */
export function preflight(
  operation: Operation,
  params: JsonObject,
  now: Date,
  roots?: readonly string[],
): readonly Finding[] {
  const found = operation.checks?.(operation.params.parse(params)) ?? [];
  return found.flatMap((each) => ("kind" in each ? checkMaterial(each, now, roots) : [each]));
}

function checkMaterial(material: GivenMaterial, now: Date, roots?: readonly string[]): readonly Finding[] {
  switch (material.kind) {
    case "pair":
      return checkPair(material, material.verdicts, now, roots);
    case "authority":
      return checkAuthority(material, material.verdicts, now);
    case "signing request":
      return checkSigningRequest(material, material.verdict);
    case "SM halves":
      return checkSmHalves(material);
  }
}

/** The certificates that a call will serve to visitors, named by id. */
export function storedUses(operation: Operation, params: JsonObject): readonly StoredUse[] {
  return operation.storedUses?.(operation.params.parse(params)) ?? [];
}

/** What can be found about one of them from its PEM text. */
export function checkStoredUse(
  { parameter, domains = [], verdicts }: StoredUse,
  pem: string,
  now: Date,
  roots?: readonly string[],
): Finding[] {
  const lenient = { unreadable: "warning", badKey: "warning", mismatch: "warning" } as const;
  return checkPair({ parameter, pem, domains }, { ...lenient, ...verdicts }, now, roots);
}
