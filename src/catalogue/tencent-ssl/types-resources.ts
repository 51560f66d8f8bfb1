import type { z } from "zod";
import { array, bool, int, members, record, rows, string, strings } from "../results.js";

/* Reply members of Tencent Cloud SSL about the cloud resources that use a certificate. */

/** Instances of a product without regions. */
function everywhere<Detail extends z.ZodTypeAny>(detail: Detail) {
  return members({ InstanceList: array(detail), TotalCount: int(), Error: string() });
}

/** Instances of a product in one region. */
function inRegion<Detail extends z.ZodTypeAny>(detail: Detail) {
  return members({ Region: string(), InstanceList: array(detail), TotalCount: int(), Error: string() });
}

const clbCertificate = { CertId: string(), DnsNames: strings(), CertCaId: string(), SSLMode: string() };

const clbListenerRule = members({
  LocationId: string(),
  Domain: string(),
  IsMatch: bool(),
  Certificate: record(clbCertificate),
  NoMatchDomains: strings(),
  Url: string(),
});

const clbListener = members({
  ListenerId: string(),
  ListenerName: string(),
  SniSwitch: int(),
  Protocol: string(),
  Certificate: record(clbCertificate),
  Rules: array(clbListenerRule),
  NoMatchDomains: strings(),
});

export const clbInstanceDetail = members({
  LoadBalancerId: string(),
  LoadBalancerName: string(),
  Listeners: array(clbListener),
  Forward: int(),
});

export const cdnInstanceDetail = members({
  Domain: string(),
  CertId: string(),
  Status: string(),
  HttpsBillingSwitch: string(),
});

export const wafInstanceDetail = members({ Domain: string(), CertId: string(), Keepalive: int() });

export const ddosInstanceDetail = members({
  Domain: string(),
  InstanceId: string(),
  Protocol: string(),
  CertId: string(),
  VirtualPort: string(),
});

export const liveInstanceDetail = members({ Domain: string(), CertId: string(), Status: int() });

export const vodInstanceDetail = members({ Domain: string(), CertId: string() });

const tkeIngressDetail = members({ IngressName: string(), TlsDomains: strings(), Domains: strings() });

const tkeSecretDetail = members({
  Name: string(),
  CertId: string(),
  IngressList: array(tkeIngressDetail),
  NoMatchDomains: strings(),
});

const tkeNameSpaceDetail = members({ Name: string(), SecretList: array(tkeSecretDetail) });

export const tkeInstanceDetail = members({
  ClusterId: string(),
  ClusterName: string(),
  NamespaceList: array(tkeNameSpaceDetail),
  ClusterType: string(),
  ClusterVersion: string(),
});

export const apiGatewayInstanceDetail = members({
  ServiceId: string(),
  ServiceName: string(),
  Domain: string(),
  CertId: string(),
  Protocol: string(),
});

const tcbAccessInstance = members({
  Domain: string(),
  Status: int(),
  UnionStatus: int(),
  IsPreempted: bool(),
  ICPStatus: int(),
  OldCertificateId: string(),
});

const tcbHostInstance = members({
  Domain: string(),
  Status: string(),
  DNSStatus: string(),
  OldCertificateId: string(),
});

const tcbEnvironments = members({
  Environment: record({ ID: string(), Source: string(), Name: string(), Status: string() }),
  AccessService: record({ InstanceList: array(tcbAccessInstance), TotalCount: int() }),
  HostService: record({ InstanceList: array(tcbHostInstance), TotalCount: int() }),
});

export const lighthouseInstanceDetail = members({
  InstanceId: string(),
  InstanceName: string(),
  IP: strings(),
  Domain: strings(),
});

export const teoInstanceDetail = members({
  Host: string(),
  CertId: string(),
  ZoneId: string(),
  Status: string(),
  Algorithm: string(),
});

const gatewayCertificate = members({
  Id: string(),
  Name: string(),
  BindDomains: strings(),
  CertSource: string(),
  CertId: string(),
});

const tseInstanceDetail = members({
  GatewayId: string(),
  GatewayName: string(),
  CertificateList: array(gatewayCertificate),
});

export const cosInstanceDetail = members({
  Domain: string(),
  CertId: string(),
  Status: string(),
  Bucket: string(),
  Region: string(),
});

// The four products from here to SCF are only in the vendor's models, not in its documents (docs/cloud-behaviour.md
// 3.9).
const tdmqInstanceDetail = members({
  InstanceId: string(),
  InstanceName: string(),
  InstanceStatus: string(),
  CertId: string(),
  CaCertId: string(),
  NoMatchDomains: strings(),
});

const mqttInstanceDetail = members({
  InstanceId: string(),
  InstanceName: string(),
  InstanceStatus: string(),
  NoMatchDomains: strings(),
  ServerCertIdList: strings(),
  CaCertIdList: strings(),
});

const gaapListenerDetail = members({
  ListenerStatus: string(),
  ListenerId: string(),
  ListenerName: string(),
  NoMatchDomains: strings(),
  CertIdList: strings(),
  Protocol: string(),
});

const gaapInstanceDetail = members({
  InstanceId: string(),
  ListenerList: array(gaapListenerDetail),
  InstanceName: string(),
});

const scfInstanceDetail = members({
  CertificateId: string(),
  Protocol: string(),
  Domain: string(),
  Region: string(),
});

/** The bound resources, by product. */
export const boundResources = {
  CLB: array(inRegion(clbInstanceDetail)),
  CDN: array(everywhere(cdnInstanceDetail)),
  WAF: array(inRegion(wafInstanceDetail)),
  DDOS: array(everywhere(ddosInstanceDetail)),
  LIVE: array(everywhere(liveInstanceDetail)),
  VOD: array(everywhere(vodInstanceDetail)),
  TKE: array(inRegion(tkeInstanceDetail)),
  APIGATEWAY: array(inRegion(apiGatewayInstanceDetail)),
  TCB: array(members({ Region: string(), Environments: array(tcbEnvironments), Error: string() })),
  TEO: array(everywhere(teoInstanceDetail)),
  TSE: array(inRegion(tseInstanceDetail)),
  COS: array(inRegion(cosInstanceDetail)),
  TDMQ: array(inRegion(tdmqInstanceDetail)),
  MQTT: array(inRegion(mqttInstanceDetail)),
  GAAP: array(everywhere(gaapInstanceDetail)),
  SCF: array(inRegion(scfInstanceDetail)),
};

const bindResourceRegionResult = members({ Region: string(), TotalCount: int(), Error: string() });

const bindResourceResult = members({
  ResourceType: string(),
  BindResourceRegionResult: rows(bindResourceRegionResult),
});

export const syncTaskBindResourceResult = members({
  TaskId: string(),
  BindResourceResult: rows(bindResourceResult),
  Status: int(),
  Error: record({ Code: string(), Message: string() }),
  CacheTime: string(),
});
