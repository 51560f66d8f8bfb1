import type { ReplyOf } from "../../catalogue/documented.js";
import type { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";

/** What a person has to set up for the CA to find the proof of a domain. */

/** The fields of the first proof are next to the list, and alone if there is only one domain. */
type Detail = ReplyOf<typeof describeCertificate>["DvAuthDetail"];
type Proof = Partial<NonNullable<Detail>["DvAuths"][number]>;

/** One sentence per record or file. */
export function proofsToSet(detail: Detail): string[] {
  if (!detail) return [];
  return recordsToSet(detail.DvAuths.length > 0 ? detail.DvAuths : [detail]);
}

/** The same for proofs in a list. */
export function recordsToSet(all: readonly Proof[]): string[] {
  return all.filter(({ DvAuthKey, DvAuthValue }) => DvAuthKey && DvAuthValue).map(inWords);
}

function inWords({ DvAuthKey, DvAuthValue, DvAuthDomain, DvAuthPath, DvAuthVerifyType: type }: Proof) {
  // Only a file has a path; without a list the type is missing.
  if (DvAuthPath || type?.toUpperCase() === "FILE") {
    const path = `/${DvAuthPath ?? ""}/${DvAuthKey}`.replaceAll(/\/+/g, "/");
    return `Serve a file at http://${DvAuthDomain}${path} with content ${JSON.stringify(DvAuthValue)}.`;
  }
  return `Add a ${type || "CNAME"} record: name ${DvAuthKey}, value ${DvAuthValue}.`;
}
