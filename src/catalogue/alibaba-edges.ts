import { safe } from "../lib/safe-text.js";
import {
  describeDcdnDomainCertificateInfo,
  describeDomainCertificateInfo,
  describeVodDomainCertificateInfo,
} from "./alibaba-domains.js";
import { domainCertificate } from "./alibaba-params.js";
import type { Operation, ReadOperation } from "./operation.js";
import { type AlibabaEdge, alibabaCdn, alibabaDcdn, alibabaVod } from "./services.js";

export const setCdnDomainSSLCertificate = domainCertificate({
  name: "SetCdnDomainSSLCertificate",
  titleInChinese: "设置 CDN 加速域名证书",
  service: alibabaCdn,
  product: safe`CDN`,
  example: "img",
  ownErrors: ["InvalidEnv"],
});

/** Its codes are taken to be those of its twin in CDN (inferred, docs/cloud-behaviour.md 5.3). */
export const setDcdnDomainSSLCertificate = domainCertificate({
  name: "SetDcdnDomainSSLCertificate",
  titleInChinese: "设置全站加速域名证书",
  service: alibabaDcdn,
  product: safe`DCDN`,
  example: "app",
});

export const setVodDomainSSLCertificate = domainCertificate({
  name: "SetVodDomainSSLCertificate",
  titleInChinese: "设置点播加速域名证书",
  service: alibabaVod,
  product: safe`VOD`,
  example: "vod",
  ownErrors: ["DomainOwnerVerifyFail"],
});

/** The products of Alibaba Cloud whose domains serve a certificate: what sets it, and what shows it. */
const edges = {
  "alibaba-cdn": { set: setCdnDomainSSLCertificate, show: describeDomainCertificateInfo },
  "alibaba-dcdn": { set: setDcdnDomainSSLCertificate, show: describeDcdnDomainCertificateInfo },
  "alibaba-vod": { set: setVodDomainSSLCertificate, show: describeVodDomainCertificateInfo },
} as const;

export function isAlibabaEdge(service: string): service is AlibabaEdge {
  return Object.hasOwn(edges, service);
}

/** The operation that sets the certificate of a domain. */
export const setterOf = (service: AlibabaEdge) => edges[service].set;

/** The read that shows it. */
export const certificateReadOf = (service: AlibabaEdge): ReadOperation => edges[service].show;

/** Every operation that sets or shows such a certificate. */
export const edgeOperations: readonly Operation[] = Object.values(edges).flatMap(({ set, show }) => [set, show]);
