import type { z } from "zod";
import { defineRead, type ReadOperation } from "../operation.js";
import { binary, choice, integer, list, numericText, struct, text } from "../params.js";
import { int, reply, rows, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { codes, limitedErrors } from "./error-codes.js";
import { certificateId } from "./params.js";
import {
  apiGatewayInstanceDetail,
  cdnInstanceDetail,
  clbInstanceDetail,
  cosInstanceDetail,
  ddosInstanceDetail,
  lighthouseInstanceDetail,
  liveInstanceDetail,
  tkeInstanceDetail,
  vodInstanceDetail,
  wafInstanceDetail,
} from "./types-resources.js";

/*
 * The lists of resources by product: which of a product a certificate could be deployed to, or which hold another one
 * now. Mainland only (docs/cloud-behaviour.md 3.10).
 */

/** The parameters of every list. The certificate is optional in the newest models, and required by older ones. */
const basics = () => ({
  CertificateId: certificateId("Certificate to deploy; always send it").optional(),
  IsCache: binary("Cached answer, up to 30 minutes old (default)").optional(),
  Filters: list(
    struct({
      FilterKey: choice(["domainMatch"], "domainMatch"),
      FilterValue: choice(["1", "0"], "1 (default) those it covers, 0 others"),
    }),
    "Filters",
  ).optional(),
});

/** Of most lists. The kind is superfluous: the action names the product. */
const ofProduct = (name: string) => ({ ...basics(), ResourceType: text(`Deprecated: ${name}`).optional() });

const heldNow = () => ({ OldCertificateId: certificateId("Certificate deployed now").optional() });
const limit = () => integer("Default 10", { min: 0, max: 200 }).optional();
const pages = () => ({ Offset: integer("Default 0", { min: 0 }).optional(), Limit: limit() });
const refresh = () => ({ AsyncCache: binary("Refresh in background, default 0").optional() });

const counted = { TotalCount: int() };
const refreshed = { AsyncTotalNum: int(), AsyncOffset: int(), AsyncCacheTime: string() };

const shortErrors = codes(
  limitedErrors,
  "FailedOperation.CertificateHostDeployCanNotAllow",
  "FailedOperation.CertificateHostResourceInnerInterrupt",
  "FailedOperation.CertificateNotAvailable",
  "FailedOperation.RoleNotFoundAuthorization",
);

/** Of products with so many instances that a list can be too long. */
const longErrors = codes(shortErrors, "FailedOperation.CertificateHostResourceInstanceHugeLimit");

function hostList<Params extends z.ZodRawShape>(definition: {
  readonly name: string;
  /** What is listed, in the plural. */
  readonly what: string;
  readonly whatInChinese: string;
  readonly params: Params;
  readonly row: z.AnyZodObject;
  /** Beside the rows. */
  readonly members?: z.ZodRawShape;
  readonly errors?: readonly string[];
}) {
  const { name, what, whatInChinese, params, row, members = {}, errors = shortErrors } = definition;
  const showsHeld = "OldCertificateId" in params;
  return defineRead({
    name,
    service: tencentSsl,
    title: `List ${what} for a certificate`,
    titleInChinese: `查询证书可部署的${whatInChinese}`,
    summary: `${what.charAt(0).toUpperCase()}${what.slice(1)} that a certificate could be deployed to${showsHeld ? "; with OldCertificateId those that hold it now" : ", not what they have now"}.`,
    sites: ["mainland"],
    params: struct(params),
    example: { CertificateId: "8xZ3kQ1p", ...(showsHeld && { OldCertificateId: "5mT7wB2c" }), IsCache: 0 },
    result: reply({ InstanceList: rows(row), ...members }),
    ...("Limit" in params && {
      replyFacts: { paging: { by: "page", list: "InstanceList", total: "TotalCount", narrow: ["Filters"] } },
    }),
    errors,
  });
}

export const describeHostCdnInstanceList = hostList({
  name: "DescribeHostCdnInstanceList",
  what: "CDN domains",
  whatInChinese: " CDN 域名",
  params: { ...ofProduct("cdn"), ...heldNow(), ...pages(), ...refresh() },
  row: cdnInstanceDetail,
  members: { ...counted, ...refreshed },
});

export const describeHostClbInstanceList = hostList({
  name: "DescribeHostClbInstanceList",
  what: "load balancers",
  whatInChinese: "负载均衡",
  params: { ...basics(), ...heldNow(), ...pages(), ...refresh() },
  row: clbInstanceDetail,
  members: { ...counted, ...refreshed },
  errors: longErrors,
});

export const hostLists: readonly ReadOperation[] = [
  hostList({
    name: "DescribeHostApiGatewayInstanceList",
    what: "API Gateway domains",
    whatInChinese: " API 网关域名",
    // Offset is text here, although Limit is a number (docs/cloud-behaviour.md 3.10).
    params: { ...ofProduct("apigateway"), ...heldNow(), Limit: limit(), Offset: numericText("Default 0").optional() },
    row: apiGatewayInstanceDetail,
    members: counted,
  }),
  describeHostCdnInstanceList,
  describeHostClbInstanceList,
  hostList({
    name: "DescribeHostCosInstanceList",
    what: "COS domains",
    whatInChinese: " COS 域名",
    params: { ...ofProduct("cos"), ...heldNow(), ...pages(), ...refresh() },
    row: cosInstanceDetail,
    members: { ...counted, ...refreshed },
    errors: longErrors,
  }),
  hostList({
    name: "DescribeHostDdosInstanceList",
    what: "Anti-DDoS domains",
    whatInChinese: " DDoS 高防域名",
    params: { ...ofProduct("ddos"), ...heldNow(), ...pages() },
    row: ddosInstanceDetail,
    members: counted,
  }),
  hostList({
    name: "DescribeHostLighthouseInstanceList",
    what: "Lighthouse servers",
    whatInChinese: "轻量应用服务器",
    params: ofProduct("lighthouse"),
    row: lighthouseInstanceDetail,
    members: counted,
  }),
  hostList({
    name: "DescribeHostLiveInstanceList",
    what: "Live domains",
    whatInChinese: "直播域名",
    params: { ...ofProduct("live"), ...heldNow() },
    row: liveInstanceDetail,
  }),
  hostList({
    name: "DescribeHostTkeInstanceList",
    what: "TKE clusters",
    whatInChinese: "容器集群",
    params: { ...basics(), ...heldNow(), ...pages(), ...refresh() },
    row: tkeInstanceDetail,
    members: { ...counted, ...refreshed },
    errors: longErrors,
  }),
  hostList({
    name: "DescribeHostVodInstanceList",
    what: "VOD domains",
    whatInChinese: "点播域名",
    params: { ...ofProduct("vod"), ...heldNow() },
    row: vodInstanceDetail,
    members: counted,
  }),
  hostList({
    name: "DescribeHostWafInstanceList",
    what: "WAF domains",
    whatInChinese: " WAF 域名",
    params: { ...ofProduct("waf"), ...heldNow() },
    row: wafInstanceDetail,
  }),
];
