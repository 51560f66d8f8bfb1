import type { Stores } from "../operation.js";
import { choice } from "../params.js";
import { alibabaCas, alibabaCasAbroad } from "../services.js";

/** The two stores under the names by which CDN, DCDN and VOD tell them apart (docs/cloud-behaviour.md 5.6). */
export const casRegions = ["cn-hangzhou", "ap-southeast-1"] as const;
export type CasRegion = (typeof casRegions)[number];

const services: Readonly<Record<CasRegion, typeof alibabaCas>> = {
  "cn-hangzhou": alibabaCas,
  "ap-southeast-1": alibabaCasAbroad,
};

export const casStores: Stores = { parameter: "CertRegion", services };

export const casRegion = () => choice(casRegions, "Store: cn-hangzhou (default), ap-southeast-1");

/** Codes of the service as a whole. */
export const casErrors: readonly string[] = [
  "NotFound",
  "PermissionDenied",
  "FlowControlError",
  "InvalidParameter",
  "MissingParameter",
  "OperationDenied.SystemUpgrading",
  "InternalError",
];
