import { ownMember } from "../../lib/json.js";
import type { Cloud, Service, ServiceId } from "../services.js";
import { alibabaErrors } from "./alibaba.js";
import { alibabaCasErrors } from "./alibaba-cas.js";
import { alibabaGatewayErrors, alibabaPatterns } from "./alibaba-gateway.js";
import type { CodePattern, ErrorFact, ErrorTable } from "./fact.js";
import { huaweiErrors, huaweiGatewayErrors, huaweiPatterns, huaweiScmErrors } from "./huawei.js";
import { errorKinds } from "./kinds.js";
import { codesByWording } from "./sentences.js";
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

/** What came with a code: it tells what kind of refusal an unlisted code is (docs/cloud-behaviour.md 1.4). */
interface ErrorContext {
  readonly message?: string;
  readonly httpStatus?: number | undefined;
}

/**
 * What `code` of `service` means and what to do next; undefined if neither the code nor what came with it is known.
 * @param context only used if no table has the code
 */
export function explainError(
  service: Service,
  code: string,
  context: ErrorContext = {},
): (ErrorFact & { next: string }) | undefined {
  const entry = entryOf(service, code);
  const ofStatus = statusFacts.get(context.httpStatus ?? 0);
  const fact = entry?.code === undefined ? (factByMessage(service, context) ?? entry?.fact ?? ofStatus) : entry.fact;
  return fact && { ...fact, next: fact.next ?? errorKinds[fact.kind].next };
}

/** The fact of the code whose sentence came with another one; not after a failure, which may quote anything. */
function factByMessage(service: Service, { message = "", httpStatus = 0 }: ErrorContext): ErrorFact | undefined {
  if (httpStatus >= 500) return undefined;
  const own = codesByWording(message, [service]).find(({ of }) => of.some((id) => id === service.id));
  const fact = own && entryOf(service, own.code)?.fact;
  return fact && { ...fact, means: `By its message: ${fact.means}` };
}

/**
 * What the HTTP status of a cloud's own refusal says if its code says nothing. With these, the call was turned away before
 * anything was done (docs/cloud-behaviour.md 1.4).
 */
const statusFacts: ReadonlyMap<number, ErrorFact> = new Map([
  [401, { kind: "credential", means: "By its status, HTTP 401, the cloud does not accept who sent the call." }],
  [403, { kind: "permission", means: "By its status, HTTP 403, the cloud does not allow the caller this." }],
  [429, { kind: "throttled", means: "By its status, HTTP 429, there were too many calls." }],
]);

/** The HTTP status sent with `code`, by a cloud that varies it; undefined for an unknown code. */
export function errorStatus(service: Service, code: string): number | undefined {
  const entry = entryOf(service, code);
  return entry && (entry.fact.status ?? 400);
}

/** What the tables say about a code. */
interface Entry {
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
  const fact = patterns[service.cloud].find(({ form }) => form.test(code))?.fact;
  return fact && { fact };
}

const patterns: Readonly<Record<Cloud, readonly CodePattern[]>> = {
  tencent: [],
  alibaba: alibabaPatterns,
  huawei: huaweiPatterns,
};

/** Every code in the tables of `service`, the most specific table first. */
export function codesOf({ id }: Service): string[] {
  return errorTables[id].flatMap((table) => Object.keys(table));
}
