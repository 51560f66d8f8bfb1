import { z } from "zod";
import { number, text } from "../../catalogue/loose.js";
import type { Delivery } from "./delivery.js";

const reply = z.object({ RequestId: text, DeployRecordId: number });

/** Most services take a certificate with one request. */
export const sendOnce: Delivery["deliver"] = async (step, carryOut, slots) => {
  const { RequestId: requestId, DeployRecordId: recordId } = reply.parse(await carryOut(step, slots));
  return { ...(requestId && { requestId }), ...(recordId && { recordId }) };
};
