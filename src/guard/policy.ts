import { matches } from "../catalogue/matching.js";
import type { Effect } from "../catalogue/operation.js";

/** What the operator lets this server do at all, whatever a person approves. */
export interface Policy {
  readonly readOnly: boolean;
  readonly allowPurchases: boolean;
  /** Only what one of these matches, when there are any. */
  readonly allow: readonly string[];
  /** Nothing that one of these matches; wins over `allow`. */
  readonly deny: readonly string[];
}

/** What a policy looks at: an operation, or a tool of our own. */
export interface Governed {
  readonly name: string;
  readonly service: { readonly id: string };
  readonly effect: Effect;
}

/** Why the policy forbids an operation. */
export type Prohibition = "read-only" | "denied" | "purchases are off";

/** Whether the operation is offered at all; a purchase is, so that its refusal can say why. */
export function isOffered(policy: Policy, operation: Governed): boolean {
  const prohibition = prohibitionOf(policy, operation);
  return prohibition === undefined || prohibition === "purchases are off";
}

export function prohibitionOf(policy: Policy, operation: Governed): Prohibition | undefined {
  const { readOnly, allowPurchases, allow, deny } = policy;
  if (deny.some((pattern) => matches(pattern, operation))) return "denied";
  if (allow.length > 0 && !allow.some((pattern) => matches(pattern, operation))) return "denied";
  if (readOnly && operation.effect !== "read") return "read-only";
  return operation.effect === "purchase" && !allowPurchases ? "purchases are off" : undefined;
}
