import type { Service, ServiceId } from "../services.js";
import { alibabaErrors } from "./alibaba.js";
import { alibabaPatterns } from "./alibaba-gateway.js";
import type { ErrorFact, ErrorTable } from "./fact.js";
import { huaweiErrors } from "./huawei.js";
import { adviceFor } from "./kinds.js";
import { tencentCommonErrors } from "./tencent-common.js";
import { tencentEdgeoneErrors } from "./tencent-edgeone.js";
import { tencentSslErrors } from "./tencent-ssl.js";

export type { ErrorFact, ErrorKind, ErrorTable } from "./fact.js";
export { adviceFor } from "./kinds.js";

/** Each service's tables, the nearest first. */
export const errorTables: Readonly<Record<ServiceId, readonly ErrorTable[]>> = {
  "tencent-ssl": [tencentSslErrors, tencentCommonErrors],
  "tencent-edgeone": [tencentEdgeoneErrors, tencentCommonErrors],
  "alibaba-cdn": [alibabaErrors],
  "alibaba-vod": [alibabaErrors],
  "huawei-live": [huaweiErrors],
};

/** What `code` of `service` means and what to do next; undefined for a code of which nothing is known. */
export function explainError(service: Service, code: string): (ErrorFact & { next: string }) | undefined {
  const fact = factOf(service, code);
  return fact && { ...fact, next: fact.next ?? adviceFor[fact.kind] };
}

/** The HTTP status that comes with `code`, where the cloud varies it. */
export function errorStatus(service: Service, code: string): number | undefined {
  return factOf(service, code)?.status;
}

/** The exact code, else its longest dotted prefix (`InvalidParameter.Foo` → `InvalidParameter`), else its form. */
function factOf(service: Service, code: string): ErrorFact | undefined {
  for (let prefix = code; prefix !== ""; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf(".")))) {
    for (const table of errorTables[service.id]) {
      if (Object.hasOwn(table, prefix)) return table[prefix];
    }
  }
  return service.cloud === "alibaba" ? alibabaPatterns.find(({ form }) => form.test(code))?.fact : undefined;
}
