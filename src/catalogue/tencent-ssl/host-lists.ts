import { binary, choice, integer, list, struct, text } from "../params.js";
import { int, string } from "../results.js";
import { certificateErrors, codes } from "./error-codes.js";
import { certificateId } from "./params.js";

/**
 * What the lists of resources by product have in common: which of a product a certificate could be deployed to, or which
 * hold another one now. Mainland only (docs/cloud-behaviour.md 3.10).
 */

export const hostListFilters = () =>
  list(
    struct({
      FilterKey: choice(["domainMatch"], "domainMatch"),
      FilterValue: choice(["1", "0"], "1 (default) those it covers, 0 others"),
    }),
    "Filters",
  ).optional();

/** The certificate that one would deploy: optional in the newest models, and required by older ones. */
const toDeploy = () => certificateId("Certificate to deploy; always send it").optional();
const deployedNow = () => certificateId("Certificate deployed now").optional();
const cache = () => binary("Cached answer, up to 30 minutes old (default)").optional();
const offset = () => integer("Default 0", { min: 0 }).optional();
const limit = () => integer("Default 10", { min: 0, max: 200 }).optional();
const background = () => binary("Refresh in background, default 0").optional();
/** Superfluous: the action names the product. */
const kind = (name: string) => text(`Deprecated: ${name}`).optional();

/** The parameters of every list. */
export const hostListBasics = () => ({ CertificateId: toDeploy(), IsCache: cache(), Filters: hostListFilters() });

/** Of most lists. */
export const ofProduct = (name: string) => ({ ...hostListBasics(), ResourceType: kind(name) });

export const heldNow = () => ({ OldCertificateId: deployedNow() });
export const hostListPages = () => ({ Offset: offset(), Limit: limit() });
export const hostListRefresh = () => ({ AsyncCache: background() });

export const asyncMembers = { AsyncTotalNum: int(), AsyncOffset: int(), AsyncCacheTime: string() };

export const hostListErrors = codes(
  certificateErrors,
  "FailedOperation",
  "FailedOperation.CertificateHostDeployCanNotAllow",
  "FailedOperation.CertificateHostResourceInnerInterrupt",
  "FailedOperation.CertificateNotAvailable",
  "FailedOperation.RoleNotFoundAuthorization",
  "LimitExceeded.RateLimitExceeded",
);

/** Of products with so many instances that a list can be too long. */
export const longHostListErrors = codes(hostListErrors, "FailedOperation.CertificateHostResourceInstanceHugeLimit");

export const hostListPaging = {
  paging: { by: "page", list: "InstanceList", total: "TotalCount", narrow: ["Filters"] },
} as const;
