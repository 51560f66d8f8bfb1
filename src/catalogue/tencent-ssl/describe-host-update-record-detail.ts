import { defineRead } from "../operation.js";
import { numericText, struct } from "../params.js";
import { int, members, reply, rows, string, strings } from "../results.js";
import { tencentSsl } from "../services.js";
import { deploymentStatuses, sniSwitch } from "./code-meanings.js";
import { codes, limitedErrors } from "./error-codes.js";

const recordDetail = members({
  Id: int(),
  CertId: string(),
  OldCertId: string(),
  Domains: strings(),
  ResourceType: string(),
  Region: string(),
  Status: int(),
  ErrorMsg: string(),
  CreateTime: string(),
  UpdateTime: string(),
  InstanceId: string(),
  InstanceName: string(),
  ListenerId: string(),
  ListenerName: string(),
  Protocol: string(),
  SniSwitch: int(),
  Bucket: string(),
  Port: int(),
  Namespace: string(),
  SecretName: string(),
  EnvId: string(),
  TCBType: string(),
  Url: string(),
  Algorithm: string(),
  OldAlgorithm: string(),
  InstanceStatus: string(),
  ListenerStatus: string(),
});

const recordDetails = members({
  ResourceType: string(),
  List: rows(recordDetail),
  TotalCount: int(),
});

export const describeHostUpdateRecordDetail = defineRead({
  name: "DescribeHostUpdateRecordDetail",
  service: tencentSsl,
  title: "Follow a one-click update",
  titleInChinese: "查询一键更新进度",
  summary:
    "Progress of a deployment record by resource. Status: 0 waiting, 1 done, 2 failed, 3 running, 4 rolled back, 5 rollback failed, 6 nothing to do.",
  params: struct({
    DeployRecordId: numericText("From UpdateCertificateInstance or UpdateCertificateRecordRollback"),
    Limit: numericText("Default 10", { max: 200 }).optional(),
    Offset: numericText("Default 0").optional(),
  }),
  example: { DeployRecordId: "1499393", Limit: "200" },
  result: reply({
    TotalCount: int(),
    RecordDetailList: rows(recordDetails),
    SuccessTotalCount: int(),
    FailedTotalCount: int(),
    RunningTotalCount: int(),
    PendingTotalCount: int(),
  }),
  replyFacts: {
    meanings: {
      "RecordDetailList.List.Status": deploymentStatuses,
      "RecordDetailList.List.SniSwitch": sniSwitch,
    },
    summary: { leaveOut: ["CreateTime", "SniSwitch", "Algorithm", "OldAlgorithm", "TCBType"] },
    paging: { by: "groups", list: "RecordDetailList", rows: "List", total: "TotalCount" },
  },
  errors: codes(limitedErrors, "FailedOperation.CertificateDeployNotExist"),
});
