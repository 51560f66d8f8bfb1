import { z } from "zod";
import { optionalNumber, optionalText } from "../../catalogue/lenient.js";
import type { Deployer } from "./deployer.js";

const reply = z.object({ RequestId: optionalText, DeployRecordId: optionalNumber });

/** Most services take a certificate with one request. */
export const sendOnce: Deployer["deliver"] = async (step, executeStep, placeholders) => {
  const { RequestId: requestId, DeployRecordId: recordId } = reply.parse(await executeStep(step, placeholders));
  return { ...(requestId && { requestId }), ...(recordId && { recordId }) };
};
