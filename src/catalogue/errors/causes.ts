import type { Service, ServiceId } from "../services.js";
import { alibabaCauses } from "./causes-alibaba.js";
import { huaweiCauses } from "./causes-huawei.js";
import { tencentCommonCauses } from "./causes-tencent-common.js";
import { tencentEdgeoneCauses } from "./causes-tencent-edgeone.js";
import { tencentSslCauses } from "./causes-tencent-ssl.js";
import { consoleCheck, type Diagnosis, type DiagnosisTable, diagnosisOfKind } from "./diagnosis.js";
import type { Entry } from "./index.js";

/** Codes with causes of their own, the most specific table first. */
export const causeTables: Readonly<Record<ServiceId, readonly DiagnosisTable[]>> = {
  "tencent-ssl": [tencentSslCauses, tencentCommonCauses],
  "tencent-edgeone": [tencentEdgeoneCauses, tencentCommonCauses],
  "alibaba-cdn": [alibabaCauses],
  "alibaba-vod": [alibabaCauses],
  "huawei-live": [huaweiCauses],
};

/** Causes and checks for an error of `service`: those of the code if listed, else those of its kind. */
export function diagnosisOf(service: Service, { code, fact }: Entry): Required<Omit<Diagnosis, "retry">> & Diagnosis {
  const ofKind = diagnosisOfKind[fact.kind];
  const page = consoleCheck[service.cloud][fact.kind];
  const checks = page === undefined ? ofKind.checks : [page, ...ofKind.checks];
  const table = causeTables[service.id].find((causes) => code !== undefined && Object.hasOwn(causes, code));
  const own = code === undefined ? undefined : table?.[code];
  return own === undefined ? { causes: ofKind.causes, checks } : { checks, ...own };
}
