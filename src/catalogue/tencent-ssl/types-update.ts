import { int, members, rows, string, strings } from "../results.js";

/** Reply members of Tencent Cloud SSL about one-click updates. */

export const updateRecordInfo = members({
  Id: int(),
  CertId: string(),
  OldCertId: string(),
  ResourceTypes: strings(),
  Regions: strings(),
  Status: int(),
  CreateTime: string(),
  UpdateTime: string(),
});

const updateRecordDetail = members({
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

export const updateRecordDetails = members({
  ResourceType: string(),
  List: rows(updateRecordDetail),
  TotalCount: int(),
});
