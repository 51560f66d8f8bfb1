import type { PolicySubject } from "../catalogue/operation.js";
import { matches } from "../catalogue/policy-patterns.js";

/** What the operator allows this server to do, whatever a person approves. */
export interface Policy {
  readonly readOnly: boolean;
  readonly allowPurchases: boolean;
  /** If not empty, only matching operations. */
  readonly allow: readonly string[];
  /** No matching operation; takes precedence over `allow`. */
  readonly deny: readonly string[];
}

export type PolicyRule = "read-only" | "denied" | "purchases are off";

/** Whether the operation is offered at all. Forbidden purchases are: their refusal says why. */
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
