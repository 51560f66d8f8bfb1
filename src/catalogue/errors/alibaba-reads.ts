import type { ErrorTable } from "./fact.js";

/** Codes of the reads of Alibaba Cloud CDN and DCDN (docs/cloud-behaviour.md 5.5). */
export const alibabaReadErrors: ErrorTable = {
  CdnServiceNotFound: {
    kind: "state",
    means: "CDN was never activated for this account, so it has no domains.",
    next: "There is nothing to find there; to use CDN, ask a person to activate it in the console.",
  },
  DcdnServiceNotFound: {
    kind: "state",
    means: "DCDN was never activated for this account, so it has no domains.",
    next: "There is nothing to find there; to use DCDN, ask a person to activate it in the console.",
  },
  CdnServiceSuspended: {
    kind: "state",
    means: "CDN was stopped for this account, usually for an unpaid bill.",
    next: "Ask the account's owner to pay the bill in the console; until then the domains cannot be read.",
  },
  AccountBlacklist: {
    kind: "permission",
    means: "Alibaba Cloud has blocked the account for this product.",
    next: "Ask the account's owner to contact Alibaba Cloud support.",
  },
  NoHttpsDomain: {
    kind: "not-found",
    means: "The account has no domain with HTTPS.",
    next: "Treat it as an empty list.",
  },
  "InvalidDomain.NotFound": {
    kind: "not-found",
    means: "The account has no such domain in this product.",
    next: "List the domains of the product and take the exact name.",
    status: 404,
  },
};
