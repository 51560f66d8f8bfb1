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
export interface PolicySubject {
  readonly name: string;
  readonly service: { readonly id: string };
  readonly effect: Effect;
}

/** Why the policy forbids an operation. */
export type PolicyRule = "read-only" | "denied" | "purchases are off";

/** Whether the operation is offered at all; a purchase is, so that its refusal can say why. */
export function isOffered(policy: Policy, operation: PolicySubject): boolean {
  const violated = violatedRule(policy, operation);
  return violated === undefined || violated === "purchases are off";
}

export function violatedRule(policy: Policy, operation: PolicySubject): PolicyRule | undefined {
  const { readOnly, allowPurchases, allow, deny } = policy;
  if (deny.some((pattern) => matches(pattern, operation))) return "denied";
  if (allow.length > 0 && !allow.some((pattern) => matches(pattern, operation))) return "denied";
  if (readOnly && operation.effect !== "read") return "read-only";
  return operation.effect === "purchase" && !allowPurchases ? "purchases are off" : undefined;
}
