import { z } from "zod";
import { optionalList, optionalText } from "../../catalogue/lenient.js";

/** What a person has to set so that the CA finds the proof of a domain. */

const proof = z.object({
  DvAuthKey: optionalText,
  DvAuthValue: optionalText,
  DvAuthDomain: optionalText,
  DvAuthPath: optionalText,
  DvAuthVerifyType: optionalText,
});

/** Members of the first proof stand beside the list, and alone where there is one domain. */
export const proofDetail = proof
  .extend({ DvAuths: optionalList(proof) })
  .nullish()
  .catch(undefined);

/** A sentence for each record or file. */
export function proofsToSet(detail: z.output<typeof proofDetail>): string[] {
  if (!detail) return [];
  const all = detail.DvAuths.length > 0 ? detail.DvAuths : [detail];
  return all.filter(({ DvAuthKey, DvAuthValue }) => DvAuthKey && DvAuthValue).map(inWords);
}

function inWords({ DvAuthKey, DvAuthValue, DvAuthDomain, DvAuthPath, DvAuthVerifyType: type }: z.output<typeof proof>) {
  // Only a file has a path; the type is missing where the members stand alone.
  if (DvAuthPath || type?.toUpperCase() === "FILE") {
    const path = `/${DvAuthPath ?? ""}/${DvAuthKey}`.replaceAll(/\/+/g, "/");
    return `Serve a file at http://${DvAuthDomain}${path} with content ${JSON.stringify(DvAuthValue)}.`;
  }
  return `Add a ${type || "CNAME"} record: name ${DvAuthKey}, value ${DvAuthValue}.`;
}
