import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Cloud } from "../catalogue/services.js";
import { readRequest, type SandboxReply } from "./http.js";
import { alibabaSandboxProtocol } from "./protocols/alibaba.js";
import { huaweiSandboxProtocol } from "./protocols/huawei.js";
import type { SandboxProtocol, ServiceEndpoint } from "./protocols/protocol.js";
import { tencentSandboxProtocol } from "./protocols/tencent.js";
import { CloudError } from "./refusal.js";
import { type LoggedRequest, withoutSecrets } from "./request-log.js";

const protocols: Readonly<Record<Cloud, SandboxProtocol>> = {
  tencent: tencentSandboxProtocol,
  alibaba: alibabaSandboxProtocol,
  huawei: huaweiSandboxProtocol,
};

/** Handles one request to one service, from the wire to the reply. */
export async function answer(
  message: IncomingMessage,
  endpoint: ServiceEndpoint,
  log: LoggedRequest[],
): Promise<SandboxReply> {
  const { service, account, admits } = endpoint;
  const protocol = protocols[service.cloud];
  const requestId = randomUUID();
  const request = await readRequest(message, protocol.maxBodyBytes);
  let note: Omit<LoggedRequest, "outcome"> | undefined;
  try {
    if (request === undefined) throw protocol.tooLarge();
    const { handler, params } = protocol.receive(request, endpoint);
    const { operation } = handler;
    note = {
      at: account.clock.now(),
      service: service.id,
      operation: operation.name,
      effect: operation.effect,
      params: withoutSecrets(operation.params, params),
      requestId,
    };
    if (admits?.(operation) === false) throw protocol.throttled();
    protocol.check(operation, params);
    const result = await handler.handle(params, account);
    log.push({ ...note, outcome: "done" });
    return protocol.succeed(result, requestId, operation);
  } catch (error) {
    const refusal = refusalFor(error, protocol);
    if (note !== undefined) log.push({ ...note, outcome: refusal.code });
    return protocol.refuse(refusal, requestId, { service, host: message.headers.host ?? "" });
  }
}

function refusalFor(error: unknown, protocol: SandboxProtocol): CloudError {
  if (error instanceof CloudError) return error;
  process.stderr.write(`cloudcert-mcp sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  return protocol.fault();
}
