import { type SafeText, safe } from "../lib/safe-text.js";
import type { Aspect, ChangeEffect, PlannedChange, Subject } from "./operation.js";
import type { AlibabaEdge } from "./services.js";

/** What kind of change it is, in words for a person. */
export const effectTexts: Readonly<Record<ChangeEffect, SafeText>> = {
  "key-export": safe`Takes a private key out of the cloud into this server's memory; live traffic is not touched.`,
  create: safe`Adds something; live traffic is not touched.`,
  change: safe`Changes a record or an order; live traffic is not touched.`,
  traffic: safe`Changes what a live domain serves.`,
  destroy: safe`Cannot be undone.`,
  purchase: safe`Spends money or quota.`,
};

/** The name of each aspect for a person. */
export const aspectTexts: Readonly<Record<Aspect, SafeText>> = {
  existence: safe`existence`,
  status: safe`status`,
  remark: safe`remark`,
  project: safe`project`,
  "bound resources": safe`bound resources`,
  "served by": safe`served by`,
  "server certificate": safe`server certificate`,
  chain: safe`chain`,
  "client CAs": safe`client CAs`,
  "origin settings": safe`origin settings`,
  HTTPS: safe`HTTPS`,
  redirect: safe`redirect`,
  subject: safe`subject`,
  "key and CSR": safe`key and CSR`,
  "private key": safe`private key`,
  deployment: safe`deployment`,
  bounds: safe`bounds`,
};

/** One line of now → after. */
export function planned(
  subject: Subject,
  aspect: Aspect,
  then: SafeText,
  more: Pick<PlannedChange, "brings" | "each" | "items"> = {},
): PlannedChange {
  return { subject, aspect, then, ...more };
}

/** A domain whose edge shows its certificate, and at Alibaba Cloud a read. */
export const servedDomain = (name: SafeText, domain: string, at?: AlibabaEdge): Subject => ({
  kind: "served-domain",
  name,
  domain,
  ...(at && { at }),
});

/** Something that no operation offered here shows. */
export const unseenSubject = (name: SafeText): Subject => ({ kind: "unseen", name });

/** A domain of Huawei Live, whose redirect a read shows. */
export const liveDomain = (name: SafeText, project: string, domain: string): Subject => ({
  kind: "live-domain",
  name,
  project,
  domain,
});

/** Something that does not exist before the call. */
export const newSubject = (name: SafeText): Subject => ({ kind: "new", name });
