import type { Operation } from "../../src/catalogue/operation.js";
import type { CloudClient } from "../../src/cloud/cloud-client.js";
import type { JsonObject } from "../../src/lib/json.js";

/** Sends a read, or a change as if it had been approved for the credential that is set: the gate is not under test here. */
export async function sendWith(
  client: Pick<CloudClient, "send" | "sendApproved" | "credentialIdOf">,
  operation: Operation,
  params: JsonObject,
  signal: AbortSignal,
) {
  return operation.effect === "read"
    ? client.send(operation, params, signal)
    : client.sendApproved(operation, params, client.credentialIdOf(operation.service), signal);
}
