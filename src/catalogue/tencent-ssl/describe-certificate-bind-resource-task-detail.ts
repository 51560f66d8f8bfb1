import { defineRead } from "../operation.js";
import { list, numericText, struct, text, textOrNumber } from "../params.js";
import { int, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import {
  bindingTaskStatuses,
  cdnStatuses,
  icpStatuses,
  liveStatuses,
  sniSwitch,
  teoStatuses,
} from "./code-meanings.js";
import { boundResources } from "./types-resources.js";

export const describeCertificateBindResourceTaskDetail = defineRead({
  name: "DescribeCertificateBindResourceTaskDetail",
  service: tencentSsl,
  title: "List resources bound to a certificate",
  titleInChinese: "查询证书关联的云资源明细",
  summary: "The resources a binding task found, by product and region. Status: 0 running, 1 done, 2 failed.",
  params: struct({
    TaskId: textOrNumber("From CreateCertificateBindResourceSyncTask"),
    Limit: numericText("Per product and region, default 10", { max: 100 }).optional(),
    Offset: numericText("Default 0").optional(),
    ResourceTypes: list(
      text("Type"),
      "Default all: clb, cdn, ddos, live, vod, waf, apigateway, teo, tke, cos, tse, tcb",
    ).optional(),
    Regions: list(text("Region"), "Default all; only clb, tke, waf, apigateway, tcb, cos, tse have them").optional(),
  }),
  example: { TaskId: "758439", ResourceTypes: ["cdn", "teo"], Limit: "100" },
  result: reply({ ...boundResources, Status: int(), CacheTime: string() }),
  replyFacts: {
    meanings: {
      Status: bindingTaskStatuses,
      "CLB.InstanceList.Listeners.SniSwitch": sniSwitch,
      "CDN.InstanceList.Status": cdnStatuses,
      "LIVE.InstanceList.Status": liveStatuses,
      "TEO.InstanceList.Status": teoStatuses,
      "TCB.Environments.AccessService.InstanceList.ICPStatus": icpStatuses,
    },
    summary: {
      leaveOut: [
        "SniSwitch",
        "LocationId",
        "Forward",
        "HttpsBillingSwitch",
        "Keepalive",
        "VirtualPort",
        "ClusterType",
        "ClusterVersion",
        "UnionStatus",
        "ICPStatus",
        "IsPreempted",
        "DNSStatus",
      ],
    },
    paging: { by: "product and region", rows: "InstanceList", total: "TotalCount" },
  },
  errors: [
    "FailedOperation",
    "FailedOperation.CertificateSyncTaskIdInvalid",
    "FailedOperation.RoleNotFoundAuthorization",
  ],
});
