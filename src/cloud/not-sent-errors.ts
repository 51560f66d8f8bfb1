import type { Operation } from "../catalogue/operation.js";
import { type Cloud, cloudTitles, type Service } from "../catalogue/services.js";
import { safe } from "../lib/safe-text.js";
import { ToolError, unapproved, unsent, unusable } from "../lib/tool-error.js";
import type { OpenCircuit } from "./circuit.js";
import { type Credentials, credentialVariables, describeSkipped } from "./credentials.js";

/* Why a call is not sent at all. Nothing was changed. */

/** What to do about an unusable credential. */
export const correctCredential = safe`Ask the operator to correct the credential in the server's configuration and to restart the server.`;

export function withoutCredentials({ cloud, title }: Service, credentials: Credentials): ToolError {
  const fault = credentials.faults?.[cloud];
  if (fault !== undefined) {
    const happened = `The credentials for ${title} cannot be used: ${fault} Nothing was sent.`;
    return unsent("configuration", happened, String(correctCredential));
  }
  const over = describeSkipped(credentials, cloud);
  return new ToolError({
    kind: "configuration",
    happened: `This server has no credentials for ${title}${over === undefined ? "." : `: ${over}`}`,
    changed: "no",
    next:
      `Ask the operator to set ${credentialVariables[cloud]} in the server's environment and to restart it, ` +
      "or to start it with --sandbox to try it without an account.",
  });
}

/** Another key may be another account's, so an approval is for what would have signed when it was asked for. */
export function signerChanged(operation: string, cloud: Cloud): ToolError {
  const { details } = unapproved(
    `${operation} was not carried out. The credential for ${cloudTitles[cloud]} was changed after the plan was made, so the approval is void. Nothing was sent.`,
    "Tell the person; if the change is still wanted, call again to have it planned and asked for with the credential that is set now.",
  );
  return new ToolError({ ...details, endsApproval: true });
}

export function tooLarge(operation: Operation, size: number, limit: number): ToolError {
  return unusable(
    `The request for ${operation.name} is ${size} bytes; the cloud accepts at most ${limit} with this signature.`,
    "Pass less text, or ask the operator to choose another signature where there is one.",
  );
}

export function tooManyWaiting({ name, service }: Operation): ToolError {
  const happened = `${name} was not sent: more calls are waiting for ${service.title} than its rate limit allows in time.`;
  return unsent("cloud", happened, "Wait a little, then make fewer calls at once.");
}

export function circuitOpen({ name, service }: Operation, { retryIn, faults, reason }: OpenCircuit): ToolError {
  const seconds = Math.ceil(retryIn / 1000);
  const until = seconds === 0 ? "One call is being tried at this moment" : `For ${seconds} s none is sent`;
  return unsent(
    "cloud",
    `${service.title} did not answer ${faults} times in a row, the last time because: ${reason}. ${until}; ${name} was not sent.`,
    "Call again after that time; other services are not affected. If it persists, ask a person to check the network.",
  );
}
