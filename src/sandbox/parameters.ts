import { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import { innermost } from "../catalogue/params.js";
import { unlessThrown } from "../lib/failure.js";
import { CloudError } from "./refusal.js";

/* Turns wire parameters into named ones and checks them against the catalogue, with Tencent Cloud's codes. */

type Parameters = Readonly<Record<string, unknown>>;

/** A flat name split into its parts, or a value. */
type Tree = Map<string, Tree> | string;

/**
 * Builds structures from flat names: `Hosts.0`, `ServerCertInfo.0.CertId` (docs/cloud-behaviour.md 2.2). The schema
 * tells which texts are Booleans; numbers are accepted as text anyway.
 */
export function unflatten(pairs: Iterable<readonly [string, string]>, schema: z.AnyZodObject): Parameters {
  const root = new Map<string, Tree>();
  for (const [name, value] of pairs) insertValue(root, name, value);
  return members(root, schema);
}

/** @throws {CloudError} with the code of the first error */
export function checkTencent(operation: Operation, params: Parameters): void {
  const [issue] = operation.params.safeParse(params).error?.issues ?? [];
  if (issue !== undefined) throw new CloudError(codeOf(issue, operation), `${describe(issue)}: ${issue.message}`);
}

/** Any JSON object; undefined for any other text. */
export function parseJsonObject(text: string): Parameters | undefined {
  return unlessThrown(() => z.record(z.unknown()).parse(JSON.parse(text)));
}

function insertValue(root: Map<string, Tree>, name: string, value: string): void {
  const path = name.split(".");
  const last = path.pop() ?? "";
  let branch = root;
  for (const part of path) {
    const next = branch.get(part) ?? new Map<string, Tree>();
    if (typeof next === "string") throw conflicting(name);
    branch.set(part, next);
    branch = next;
  }
  if (branch.has(last)) throw conflicting(name);
  branch.set(last, value);
}

function conflicting(name: string): CloudError {
  return new CloudError("InvalidParameter", `The parameter \`${name}\` is given twice.`);
}

function toValue(tree: Tree, schema: z.ZodTypeAny | undefined): unknown {
  const inner = schema && innermost(schema);
  if (typeof tree === "string") return inner instanceof z.ZodBoolean ? toBoolean(tree) : tree;
  if (inner instanceof z.ZodArray && [...tree.keys()].every((key) => /^\d+$/.test(key))) {
    return [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => toValue(item, inner.element));
  }
  return members(tree, inner instanceof z.ZodObject ? inner : undefined);
}

function members(tree: ReadonlyMap<string, Tree>, schema: z.AnyZodObject | undefined): Parameters {
  const shape = new Map<string, z.ZodTypeAny>(Object.entries(schema?.shape ?? {}));
  return Object.fromEntries([...tree].map(([name, member]) => [name, toValue(member, shape.get(name))]));
}

function toBoolean(text: string): boolean | string {
  return text === "true" || (text === "false" ? false : text);
}

/** Members with a code of their own: for too many items (docs/cloud-behaviour.md 4.1), and for unknown products (3.5). */
const ownCodes = new Map([
  ["ModifyHostsCertificate.ClientCertInfo.CertInfos", "InvalidParameterValue.ClientCertInfoQuotaLimit"],
  [
    "ModifyHostsCertificate.UpstreamCertInfo.UpstreamMutualTLS.CertInfos",
    "InvalidParameterValue.UpstreamClientCertInfoQuotaLimit",
  ],
  ["UpdateCertificateInstance.ResourceTypes", "FailedOperation.CertificateHostResourceTypeInvalid"],
  ["UpdateCertificateInstance.ResourceTypesRegions.ResourceType", "FailedOperation.CertificateHostResourceTypeInvalid"],
]);

function codeOf(issue: z.ZodIssue, { name }: Operation): string {
  const path = [name, ...issue.path.filter((part) => typeof part === "string")].join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return "UnknownParameter";
    case "invalid_type":
      return issue.received === "undefined" ? "MissingParameter" : "InvalidParameter";
    case "too_big":
    case "invalid_enum_value":
      return ownCodes.get(path) ?? "InvalidParameterValue";
    default:
      return "InvalidParameterValue";
  }
}

function describe(issue: z.ZodIssue): string {
  const names = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.at(-1)];
  return `The parameter \`${names.join("`, `")}\``;
}
