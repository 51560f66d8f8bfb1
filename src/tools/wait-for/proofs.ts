import { z } from "zod";
import { optionalList, optionalText } from "../../catalogue/lenient.js";

/** What a person has to set up for the CA to find the proof of a domain. */

const proof = z.object({
  DvAuthKey: optionalText,
  DvAuthValue: optionalText,
  DvAuthDomain: optionalText,
  DvAuthPath: optionalText,
  DvAuthVerifyType: optionalText,
});

/** The fields of the first proof are next to the list, and alone if there is only one domain. */
export const proofDetail = proof
  .extend({ DvAuths: optionalList(proof) })
  .nullish()
  .catch(undefined);

/** One sentence per record or file. */
export function proofsToSet(detail: z.output<typeof proofDetail>): string[] {
  if (!detail) return [];
  const all = detail.DvAuths.length > 0 ? detail.DvAuths : [detail];
  return all.filter(({ DvAuthKey, DvAuthValue }) => DvAuthKey && DvAuthValue).map(inWords);
}

function inWords({ DvAuthKey, DvAuthValue, DvAuthDomain, DvAuthPath, DvAuthVerifyType: type }: z.output<typeof proof>) {
  // Only a file has a path; without a list the type is missing.
  if (DvAuthPath || type?.toUpperCase() === "FILE") {
    const path = `/${DvAuthPath ?? ""}/${DvAuthKey}`.replaceAll(/\/+/g, "/");
    return `Serve a file at http://${DvAuthDomain}${path} with content ${JSON.stringify(DvAuthValue)}.`;
  }
  return `Add a ${type || "CNAME"} record: name ${DvAuthKey}, value ${DvAuthValue}.`;
}
