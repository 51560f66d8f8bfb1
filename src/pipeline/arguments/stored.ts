import { readReply } from "../../catalogue/documented.js";
import { type Finding, warning } from "../../catalogue/finding.js";
import type { StoredUse } from "../../catalogue/material.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { ownWords, type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import type { JsonObject } from "../../lib/json.js";
import { PolicyViolation, ToolError } from "../../lib/tool-error.js";
import { checkStoredUse } from "../../preflight/index.js";

/** Reads for preflight what a call names only by id. */
export type ReadStored = (operation: ReadOperation, params: JsonObject) => Promise<JsonObject>;

/**
 * The findings about a certificate to be served, read without its key. A failed read is a finding too: otherwise it
 * would look like a certificate without problems.
 * @throws {ToolError} only if the call was cancelled
 */
export async function checkStored(use: StoredUse, read: ReadStored, now: Date): Promise<readonly Finding[]> {
  const { parameter, id, unreadable } = use;
  const pem = unreadable === undefined ? await pemOf(id, read) : { why: unreadable };
  if (typeof pem !== "string") {
    return [
      warning(parameter, safe`Chain, dates and names of certificate ${termInWords(id)} were not checked: ${pem.why}.`),
    ];
  }
  return checkStoredUse(use, pem, now).map((found) => ({
    ...found,
    says: safe`certificate ${termInWords(id)}: ${found.says}`,
  }));
}

async function pemOf(id: string, read: ReadStored): Promise<string | { readonly why: SafeText }> {
  try {
    const reply = await read(describeCertificateDetailWithoutKey, { CertificateId: id });
    const told = readReply(describeCertificateDetailWithoutKey, reply);
    return told?.CertificatePublicKey || { why: safe`Tencent Cloud shows no certificate under this id` };
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    if (error instanceof PolicyViolation)
      return { why: safe`this server's policy excludes ${termInWords(error.operation)}` };
    return { why: ownWords(error.details.happened.replace(/\.$/, "")) };
  }
}
