import { allOperations } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import type { Cloud } from "../../src/catalogue/services.js";
import { ownTools } from "../../src/tools/index.js";

/**
 * Access policies for the account whose keys the server gets: only what it needs, in each cloud's own grammar. For
 * Tencent Cloud, services and actions are named as in its lists of what CAM controls (tencentcloud.com documents
 * 598/57153 and 598/57164). The Alibaba and Huawei actions are in the pages of their operations, those of the reads partly
 * inferred from the name.
 */

interface Scope {
  readonly cloud: Cloud;
  readonly name: string;
  includes(operation: Operation): boolean;
}

/**
 * What jobs send: they deploy certificates, upload a given one, and fetch the key of one to be served elsewhere. They
 * read details without the key, which the cloud's policies cannot tell apart from details with it.
 */
const inJobs = ({ name }: Operation) => ownTools.some(({ uses = [] }) => uses.some((used) => used.name === name));

/** Purchases are separate, as with `--allow-purchases`. */
const scopes: readonly Scope[] = [
  { cloud: "tencent", name: "read-only", includes: ({ effect }) => effect === "read" },
  { cloud: "tencent", name: "jobs", includes: (operation) => operation.effect === "read" || inJobs(operation) },
  { cloud: "tencent", name: "all", includes: ({ effect }) => effect !== "purchase" },
  { cloud: "tencent", name: "purchases", includes: ({ effect }) => effect === "purchase" },
  { cloud: "alibaba", name: "read-only", includes: ({ effect }) => effect === "read" },
  { cloud: "alibaba", name: "all", includes: () => true },
  { cloud: "huawei", name: "read-only", includes: ({ effect }) => effect === "read" },
  { cloud: "huawei", name: "all", includes: () => true },
];

/** A policy with these actions on all resources: narrow them to a zone, a domain or a certificate where you can. */
const grammars: Readonly<Record<Cloud, (actions: readonly string[]) => unknown>> = {
  tencent: (action) => ({ version: "2.0", statement: [{ effect: "allow", action, resource: ["*"] }] }),
  alibaba: (Action) => ({ Version: "1", Statement: [{ Effect: "Allow", Action, Resource: ["*"] }] }),
  // Version 5.0 is an identity policy; the older policies (1.1) have different actions.
  huawei: (Action) => ({ Version: "5.0", Statement: [{ Effect: "Allow", Action, Resource: ["*"] }] }),
};

/** Every policy by file name. */
export function policies(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    scopes.map(({ cloud, name, includes }) => {
      const covered = allOperations.filter((operation) => operation.service.cloud === cloud && includes(operation));
      return [`${cloud}-${name}.json`, grammars[cloud](covered.map(actionOf).sort())];
    }),
  );
}

function actionOf({ name, permission, service }: Operation): string {
  return `${service.inPolicies}:${permission ?? name}`;
}
