import { z } from "zod";
import { limits } from "../limits.js";
import { uniqueNames } from "../naming.js";
import { choice, domainList, flag, keyedList, list, struct, text } from "../params.js";

// As input, only CertId has an effect; the other members are what the vendor's reads return (docs/cloud-behaviour.md
// 4.1).
const unused = () => z.string().optional();
const reported = {
  CertId: z.string(),
  Alias: unused(),
  Type: unused(),
  ExpireTime: unused(),
  DeployTime: unused(),
  SignAlgo: unused(),
};
const serverCertInfo = struct({ ...reported, CommonName: unused() });
const certificateInfo = struct({ ...reported, Status: unused() });

const mutualTls = (description: string, max: number) =>
  struct({
    Switch: choice(["on", "off"], "on or off"),
    CertInfos: keyedList("CertId", certificateInfo, description, { max }).optional(),
  });

const upstreamCertInfo = struct({
  UpstreamMutualTLS: mutualTls("Client certificate shown to the origin", 1).optional(),
  UpstreamCertificateVerify: struct({
    VerificationMode: choice(["disable", "custom_ca"], "Check of the origin"),
    CustomCACerts: keyedList("CertId", certificateInfo, "Trusted CAs").optional(),
  }).optional(),
});

/** The parameters of ModifyHostsCertificate. */
export const hostsParams = struct({
  ZoneId: text("Site ID"),
  Hosts: domainList("Domains", { min: 1, max: limits.argument.hosts }),
  Mode: choice(
    ["disable", "eofreecert", "eofreecert_manual", "sslcert"],
    "Server certificate; default unchanged. sslcert: ServerCertInfo; eofreecert: apply for a free one by " +
      "automatic validation; eofreecert_manual: a free one already issued; disable: none",
  ).optional(),
  ServerCertInfo: keyedList("CertId", serverCertInfo, "For sslcert: CertId").optional(),
  ApplyType: choice(["none", "apply"], "Deprecated: use Mode").optional(),
  ClientCertInfo: mutualTls("CAs of visitors' certificates", 20).optional(),
  UpstreamCertInfo: upstreamCertInfo.optional(),
});
export type HostsParams = z.output<typeof hostsParams>;

/** Certificates in some parameter. */
export type Certificates = readonly { readonly CertId: string }[] | undefined;

/** Each of their ids once. */
export const certIdsIn = (certificates: Certificates) => uniqueNames((certificates ?? []).map(({ CertId }) => CertId));

/** Codes of the reads of EdgeOne (docs/cloud-behaviour.md 4.2). */
export const readErrors: readonly string[] = [
  "InternalError.ProxyServer",
  "OperationDenied",
  "UnauthorizedOperation.CamUnauthorized",
  "UnauthorizedOperation.NoPermission",
  "UnauthorizedOperation.Unknown",
];

/** Filters of a read; `names` says which there are. */
export const filters = (names: string) =>
  list(
    struct({
      Name: text(names),
      Values: list(text("Value"), "Values", { max: 20 }),
      Fuzzy: flag("Match parts of names").optional(),
    }),
    "Filters",
  ).optional();
