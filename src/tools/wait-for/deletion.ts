import { z } from "zod";
import { optionalNumber } from "../../catalogue/lenient.js";
import { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";
import { certificateStatusInWords } from "../../catalogue/tencent-ssl/descriptions.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readAs } from "../read-with-retry.js";
import type { PollResult } from "./poll.js";

const gone = "FailedOperation.CertificateNotFound";

const certificate = z.object({ Status: optionalNumber });

/** Checks whether a certificate is gone; no operation offered here queries the task of a deletion. */
export function lookAtDeletion(id: string, context: ToolContext): () => Promise<PollResult> {
  let seen = false;
  return async () => {
    try {
      const { Status } = await readAs(context, describeCertificate, { CertificateId: id }, certificate);
      seen = true;
      const words = certificateStatusInWords(Status);
      return {
        state: "still running",
        says: `Certificate ${id} is still there (${words}). A deletion with IsCheckResource first looks for resources and silently stops if it finds any: find_certificates with_bindings shows them.`,
      };
    } catch (error) {
      if (!(error instanceof ToolError) || error.details.code !== gone) throw error;
      const never = seen ? "" : " It was gone at the first look: deleted, or never there under this id.";
      return { state: "done", says: `Certificate ${id} no longer exists.${never}` };
    }
  };
}
