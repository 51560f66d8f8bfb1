import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Cloud } from "../catalogue/services.js";
import type { Account } from "./account.js";
import { type Reply, readRequest } from "./http.js";
import { alibabaProtocol } from "./protocols/alibaba.js";
import { huaweiProtocol } from "./protocols/huawei.js";
import type { Call, Counter, Protocol } from "./protocols/protocol.js";
import { tencentProtocol } from "./protocols/tencent.js";
import { Refusal } from "./refusal.js";
import { type LoggedRequest, withoutSecrets } from "./request-log.js";

const protocols: Readonly<Record<Cloud, Protocol>> = {
  tencent: tencentProtocol,
  alibaba: alibabaProtocol,
  huawei: huaweiProtocol,
};

/** One request to one service, from the wire to the reply. */
export async function answer(
  message: IncomingMessage,
  counter: Counter,
  account: Account,
  log: (request: LoggedRequest) => void,
): Promise<Reply> {
  const { service } = counter;
  const protocol = protocols[service.cloud];
  const requestId = randomUUID();
  const request = await readRequest(message, protocol.maxBodyBytes);
  try {
    if (request === undefined) throw protocol.tooLarge();
    const call = protocol.receive(request, counter);
    const note = noteOf(call, counter, requestId);
    try {
      if (counter.throttle?.admits(call.handler.operation) === false) throw protocol.throttled();
      protocol.check(call.handler.operation, call.params);
      const result = await call.handler.handle(call.params, account);
      log({ ...note, outcome: "done" });
      return protocol.succeed(result, requestId);
    } catch (error) {
      const refusal = refusalFor(error, protocol);
      log({ ...note, outcome: refusal.code });
      throw refusal;
    }
  } catch (error) {
    const host = message.headers.host ?? "";
    return protocol.refuse(refusalFor(error, protocol), requestId, { service, host });
  }
}

function noteOf({ handler, params }: Call, { service, now }: Counter, requestId: string) {
  const { name, effect, params: schema } = handler.operation;
  return {
    at: now(),
    service: service.id,
    operation: name,
    effect,
    params: withoutSecrets(schema, params),
    requestId,
  };
}

function refusalFor(error: unknown, protocol: Protocol): Refusal {
  if (error instanceof Refusal) return error;
  process.stderr.write(`cloudcert-mcp sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  return protocol.fault();
}
