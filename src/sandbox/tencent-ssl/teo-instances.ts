import type { z } from "zod";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import { CloudError } from "../refusal.js";
import { hostMembers } from "./bound-resources.js";
import { certificateNamesOf, isDeployable } from "./certificate-facts.js";
import { pageOf } from "./format.js";
import { ownedCertificate } from "./lookup.js";
import { hostsOf } from "./resources.js";
import { sslHandler } from "./ssl-handler.js";

type Params = z.output<(typeof describeHostTeoInstanceList)["params"]>;

export const teoInstanceHandlers = [sslHandler(describeHostTeoInstanceList, list)];

/** Reads EdgeOne's own state: the answer is never old, and the cache is not needed. */
function list(params: Params, account: Account) {
  const { CertificateId, OldCertificateId: oldId, Filters = [], Offset = 0, Limit = 10 } = params;
  const certificate = ownedCertificate(account, CertificateId);
  if (!isDeployable(certificate)) {
    throw new CloudError("FailedOperation.CertificateNotAvailable", `Certificate ${CertificateId} cannot be deployed.`);
  }
  const names = certificateNamesOf(certificate);
  const matching = !Filters.some(({ FilterValue }) => FilterValue === "0");
  const hosts = hostsOf(account).filter(
    ({ host }) => covers(names, host.name) === matching && (!oldId || host.certificateIds.includes(oldId)),
  );
  const page = pageOf(hosts, Offset, Limit);
  return {
    InstanceList: page.map((it) => hostMembers(it, oldId || it.host.certificateIds[0], account)),
    TotalCount: hosts.length,
  };
}
