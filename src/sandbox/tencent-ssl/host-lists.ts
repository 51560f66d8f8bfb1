import type { Operation } from "../../catalogue/operation.js";
import {
  describeHostCdnInstanceList,
  describeHostClbInstanceList,
  hostLists,
} from "../../catalogue/tencent-ssl/host-lists.js";
import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import type { Handler } from "../handler.js";
import type { LoadBalancer } from "./bindings.js";
import { balancerMembers, cdnMembers } from "./bound-resources.js";
import { certificateNamesOf } from "./certificate-facts.js";
import { listOrNull, localTime, pageOf } from "./format.js";
import { ownedCertificate, refuseUndeployable } from "./lookup.js";
import { sslHandler } from "./ssl-handler.js";
import { bindingCacheTime } from "./timing.js";

/* The lists of resources by product (docs/cloud-behaviour.md 3.10). The account has CDN domains and load balancers. */

/** An instance that a certificate could be deployed to. */
interface Instance {
  readonly domains: readonly string[];
  /** Certificates that it has now. */
  readonly certificateIds: readonly (string | undefined)[];
  readonly members: Readonly<Record<string, unknown>>;
}

interface ListParams {
  readonly CertificateId?: string | undefined;
  readonly OldCertificateId?: string | undefined;
  readonly IsCache?: number | undefined;
  readonly Filters?: readonly { readonly FilterValue: string }[] | undefined;
  readonly Offset?: number | string | undefined;
  readonly Limit?: number | undefined;
}

type InstanceSource = (account: Account) => readonly Instance[];

const cdn: InstanceSource = ({ ssl }) =>
  ssl.cdnDomains.map((each) => ({
    domains: [each.name],
    certificateIds: [each.certificateId],
    members: cdnMembers(each),
  }));

const clb: InstanceSource = (account) =>
  account.ssl.loadBalancers.map((balancer) => ({
    domains: balancer.listeners.flatMap(({ rules }) => rules.map(({ domain }) => domain)),
    certificateIds: certificateIdsOn(balancer),
    members: balancerMembers(balancer, account),
  }));

const certificateIdsOn = ({ listeners }: LoadBalancer) =>
  listeners.flatMap(({ certificateId, rules }) => [certificateId, ...rules.map((rule) => rule.certificateId)]);

const none: InstanceSource = () => [];

function listHandler(operation: Operation, instances: InstanceSource): Handler {
  const pages = "Limit" in operation.params.shape;
  const counts = "TotalCount" in operation.result.shape;
  const refreshes = "AsyncCache" in operation.params.shape;
  return sslHandler(operation, (given, account) => {
    const params: ListParams = given;
    const { rows, at } = cachedRows(operation.name, params, instances, account);
    const page = pages ? pageOf(rows, Number(params.Offset ?? 0), params.Limit ?? 10) : rows;
    return {
      InstanceList: listOrNull(page.map(({ members }) => members)),
      ...(counts && { TotalCount: rows.length }),
      ...(refreshes && { AsyncTotalNum: 0, AsyncOffset: 0, AsyncCacheTime: localTime(at) }),
    };
  });
}

/** The account's rows, or those of an earlier answer if the cache is allowed, as it is by default. */
function cachedRows(name: string, params: ListParams, instances: InstanceSource, account: Account) {
  const { hostLists } = account.ssl;
  const { CertificateId, OldCertificateId, Filters, IsCache = 1 } = params;
  const matching = instanceFilter(params, account);
  const key = JSON.stringify([name, CertificateId, OldCertificateId, Filters]);
  const cached = hostLists.get(key);
  if (IsCache === 1 && cached !== undefined && account.clock.since(cached.at) < bindingCacheTime) return cached;
  const rows = structuredClone(instances(account).filter(matching));
  const fresh = { at: account.clock.now(), rows };
  hostLists.set(key, fresh);
  return fresh;
}

/** @throws {CloudError} if a certificate is not there, or cannot be deployed */
function instanceFilter({ CertificateId, OldCertificateId, Filters = [] }: ListParams, account: Account) {
  if (OldCertificateId) ownedCertificate(account, OldCertificateId);
  const certificate = CertificateId ? ownedCertificate(account, CertificateId) : undefined;
  if (certificate !== undefined) refuseUndeployable(certificate);
  const names = certificate && certificateNamesOf(certificate);
  const shouldCover = !Filters.some(({ FilterValue }) => FilterValue === "0");
  return ({ domains, certificateIds }: Instance) =>
    (!names || domains.some((domain) => covers(names, domain)) === shouldCover) &&
    (!OldCertificateId || certificateIds.includes(OldCertificateId));
}

const instances = new Map<Operation, InstanceSource>([
  [describeHostCdnInstanceList, cdn],
  [describeHostClbInstanceList, clb],
]);

export const hostListHandlers: readonly Handler[] = hostLists.map((operation) =>
  listHandler(operation, instances.get(operation) ?? none),
);
