import { safe } from "../lib/escape-text.js";
import {
  describeDcdnDomainCertificateInfo,
  describeDomainCertificateInfo,
  describeVodDomainCertificateInfo,
} from "./alibaba-domains.js";
import { domainCertificate, errorsWith } from "./alibaba-params.js";
import { defineChange, type ReadOperation } from "./operation.js";
import { type AlibabaEdge, alibabaCdn, alibabaDcdn, alibabaVod } from "./services.js";

export const setCdnDomainSSLCertificate = defineChange({
  ...domainCertificate(alibabaCdn, safe`CDN`, "img"),
  name: "SetCdnDomainSSLCertificate",
  titleInChinese: "设置 CDN 加速域名证书",
  errors: errorsWith("InvalidEnv"),
});

/** Its codes are taken to be those of its twin in CDN (inferred, docs/cloud-behaviour.md 5.3). */
export const setDcdnDomainSSLCertificate = defineChange({
  ...domainCertificate(alibabaDcdn, safe`DCDN`, "app"),
  name: "SetDcdnDomainSSLCertificate",
  titleInChinese: "设置全站加速域名证书",
  errors: errorsWith(),
});

export const setVodDomainSSLCertificate = defineChange({
  ...domainCertificate(alibabaVod, safe`VOD`, "vod"),
  name: "SetVodDomainSSLCertificate",
  titleInChinese: "设置点播加速域名证书",
  errors: errorsWith("DomainOwnerVerifyFail"),
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

/** Every such read. */
export const certificateReads: readonly ReadOperation[] = Object.values(edges).map(({ show }) => show);
