import type { z } from "zod";
import { setCdnDomainSSLCertificate } from "../catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { setVodDomainSSLCertificate } from "../catalogue/alibaba-vod/set-vod-domain-ssl-certificate.js";
import { updateDomainHttpsCert } from "../catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../catalogue/operation.js";
import { modifyHostsCertificate } from "../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { updateCertificateInstance } from "../catalogue/tencent-ssl/update-certificate-instance.js";
import { type SafeText, safe } from "../lib/escape-text.js";
import { checkPair, type PairVerdicts } from "./check-pair.js";
import type { Finding } from "./finding.js";

/** A certificate that a call names by its id, to be served. */
export interface StoredUse {
  readonly parameter: string;
  readonly id: string;
  /** Where it will be served, as far as the call says. */
  readonly domains?: readonly string[];
  readonly verdicts?: Pick<PairVerdicts, "expired" | "uncovered">;
  /** Why it cannot be read here; absent if Tencent Cloud SSL stores it. */
  readonly unreadable?: SafeText;
}

type Params = Readonly<Record<string, unknown>>;

function usesOf<Schema extends z.AnyZodObject>(
  operation: Operation<Schema>,
  uses: (params: z.output<Schema>) => readonly StoredUse[],
): readonly [string, (params: Params) => readonly StoredUse[]] {
  return [operation.name, (params) => uses(operation.params.parse(params))];
}

const elsewhere = (store: SafeText) => ({ unreadable: safe`this server has no operation that reads one of ${store}` });
const ofAlibaba = elsewhere(safe`Alibaba Cloud's Certificate Management Service`);
const ofHuawei = elsewhere(safe`Huawei Cloud's certificate manager`);
const ofEdgeone = elsewhere(safe`EdgeOne's own`);

/** docs/cloud-behaviour.md 4.1. */
const edgeoneVerdicts = {
  expired: { prevents: "FailedOperation.CertificateHasExpired" },
  uncovered: { prevents: "InvalidParameter.CertNotMatchDomain" },
};

function chosen({
  SSLProtocol,
  CertType,
  CertId,
}: z.output<typeof setCdnDomainSSLCertificate.params>): readonly StoredUse[] {
  if (SSLProtocol === "off" || CertType !== "cas" || CertId === undefined) return [];
  return [{ parameter: "CertId", id: String(CertId), ...ofAlibaba }];
}

const uses = new Map([
  usesOf(modifyHostsCertificate, ({ Mode, Hosts, ServerCertInfo = [] }) =>
    Mode !== "sslcert"
      ? []
      : ServerCertInfo.map(({ CertId: id }, index) => ({
          parameter: `ServerCertInfo.${index}.CertId`,
          id,
          domains: Hosts,
          verdicts: edgeoneVerdicts,
          ...(id.startsWith("teo-") && ofEdgeone),
        })),
  ),
  usesOf(updateCertificateInstance, ({ CertificateId: id }) => (id ? [{ parameter: "CertificateId", id }] : [])),
  usesOf(setCdnDomainSSLCertificate, chosen),
  usesOf(setVodDomainSSLCertificate, chosen),
  usesOf(updateDomainHttpsCert, ({ tls_certificate: tls, gm_certificate: gm }) =>
    Object.entries({ tls_certificate: tls, gm_certificate: gm }).flatMap(([parameter, given]) =>
      given?.source === "scm" && given.cert_id
        ? [{ parameter: `${parameter}.cert_id`, id: given.cert_id, ...ofHuawei }]
        : [],
    ),
  ),
]);

/** The certificates that a call will serve to visitors, named by id. */
export function storedUses({ name }: Operation, params: Params): readonly StoredUse[] {
  return uses.get(name)?.(params) ?? [];
}

/** What can be found about one of them from its PEM text. */
export function checkStoredUse({ parameter, domains = [], verdicts }: StoredUse, pem: string, now: Date): Finding[] {
  const lenient = { unreadable: "warning", badKey: "warning", mismatch: "warning" } as const;
  return checkPair({ parameter, pem, domains }, { ...lenient, ...verdicts }, now);
}
