import type { Delivery } from "./delivery.js";

/** Most services take a certificate with one request. */
export const sendOnce: Delivery["deliver"] = async (step, carryOut, slots) => {
  const { RequestId } = await carryOut(step, slots);
  return typeof RequestId === "string" ? { requestId: RequestId } : {};
};
