import { setCdnDomainSSLCertificate } from "./alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { setDcdnDomainSSLCertificate } from "./alibaba-dcdn/set-dcdn-domain-ssl-certificate.js";
import {
  describeDcdnDomainCertificateInfo,
  describeDomainCertificateInfo,
  describeVodDomainCertificateInfo,
} from "./alibaba-domains.js";
import { setVodDomainSSLCertificate } from "./alibaba-vod/set-vod-domain-ssl-certificate.js";
import type { ReadOperation } from "./operation.js";
import type { AlibabaEdge } from "./services.js";

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
