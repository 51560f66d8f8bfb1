import { ownMember } from "../../lib/json.js";
import type { Service, ServiceId } from "../services.js";
import { alibabaErrors } from "./alibaba.js";
import { alibabaCasErrors } from "./alibaba-cas.js";
import { alibabaGatewayErrors, alibabaPatterns } from "./alibaba-gateway.js";
import type { ErrorFact, ErrorTable } from "./fact.js";
import { huaweiErrors, huaweiGatewayErrors, huaweiScmErrors } from "./huawei.js";
import { errorKinds } from "./kinds.js";
import { tencentCommonErrors } from "./tencent-common.js";
import { tencentEdgeoneErrors } from "./tencent-edgeone.js";
import { tencentSslErrors } from "./tencent-ssl.js";

/** The store has an InternalError of its own. */
const casAndGateway: ErrorTable = { ...alibabaGatewayErrors, ...alibabaCasErrors };

/** Each service's tables, the most specific first. */
export const errorTables: Readonly<Record<ServiceId, readonly ErrorTable[]>> = {
  "tencent-ssl": [tencentSslErrors, tencentCommonErrors],
  "tencent-edgeone": [tencentEdgeoneErrors, tencentCommonErrors],
  "alibaba-cdn": [alibabaErrors],
  "alibaba-dcdn": [alibabaErrors],
  "alibaba-vod": [alibabaErrors],
  "alibaba-cas": [casAndGateway],
  "alibaba-cas-intl": [casAndGateway],
  "huawei-live": [huaweiErrors],
  "huawei-scm": [huaweiScmErrors, huaweiGatewayErrors],
};

/** What `code` of `service` means and what to do next; undefined for an unknown code. */
export function explainError(service: Service, code: string): (ErrorFact & { next: string }) | undefined {
  const fact = entryOf(service, code)?.fact;
  return fact && { ...fact, next: fact.next ?? errorKinds[fact.kind].next };
}

/** The HTTP status sent with `code`, by a cloud that varies it; undefined for an unknown code. */
export function errorStatus(service: Service, code: string): number | undefined {
  const entry = entryOf(service, code);
  return entry && (entry.fact.status ?? 400);
}

/** What the tables say about a code. */
export interface Entry {
  /** The code of the table entry: the given one or its prefix; absent if only the form matched. */
  readonly code?: string;
  readonly fact: ErrorFact;
}

/** The exact code, else its longest dotted prefix (`InvalidParameter.Foo` → `InvalidParameter`), else its form. */
export function entryOf(service: Service, code: string): Entry | undefined {
  for (let prefix = code; prefix !== ""; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf(".")))) {
    for (const table of errorTables[service.id]) {
      const fact = ownMember(table, prefix);
      if (fact !== undefined) return { code: prefix, fact };
    }
  }
  const fact = service.cloud === "alibaba" ? alibabaPatterns.find(({ form }) => form.test(code))?.fact : undefined;
  return fact && { fact };
}

/** Every code in the tables of `service`, the most specific table first. */
export function codesOf({ id }: Service): string[] {
  return errorTables[id].flatMap((table) => Object.keys(table));
}
