import { setterOf } from "../../catalogue/alibaba-edges.js";
import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import { deleteDomainHttpsCert } from "../../catalogue/huawei-live/delete-domain-https-cert.js";
import { planned } from "../../catalogue/planned-change.js";
import { noHttps } from "../../catalogue/serving.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import type { JobTarget } from "../../jobs/job.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import type { Step } from "../../pipeline/tool.js";
import type { DeploymentContext, ObservedState } from "./deployer.js";
import { observeHost, subjectOf } from "./edgeone.js";
import { changeOf, observeOrSetting, redirectChangeOf } from "./observed-state.js";

/** What a domain without HTTPS serves. */
export const httpsOff: Expectation = { sha256: noHttps };

/**
 * The call that turns HTTPS off for a domain; undefined for a service without one.
 * @param then what visitors get afterwards, for the plan
 */
export function offStep(
  jobTarget: JobTarget,
  then: SafeText,
  deploymentContext: DeploymentContext,
  observed: Pick<ObservedState, "hostCertificates"> = {},
): Step | undefined {
  switch (jobTarget.service) {
    case "tencent-ssl":
      return undefined;
    case "tencent-edgeone":
      return {
        name: jobTarget.name,
        operation: modifyHostsCertificate,
        params: { ZoneId: jobTarget.zoneId, Hosts: [jobTarget.domain], Mode: "disable" },
        changes: [planned(subjectOf(jobTarget, deploymentContext, observed), "server certificate", then)],
      };
    case "alibaba-cdn":
    case "alibaba-dcdn":
    case "alibaba-vod":
      return {
        name: jobTarget.name,
        operation: setterOf(jobTarget.service),
        params: { DomainName: asAlibabaWrites(jobTarget.domain ?? ""), SSLProtocol: "off" },
        changes: [changeOf(jobTarget, then)],
      };
    case "huawei-live":
      return {
        name: jobTarget.name,
        operation: deleteDomainHttpsCert,
        params: { project_id: jobTarget.projectId, domain: jobTarget.domain },
        changes: [changeOf(jobTarget, then), redirectChangeOf(jobTarget, safe`off, without a certificate`)],
      };
  }
}

/** What a domain has now, to turn it off: EdgeOne lists it, of the others the edge shows it. */
export async function observeBeforeOff(
  jobTarget: JobTarget,
  deploymentContext: DeploymentContext,
): Promise<ObservedState> {
  const { context } = deploymentContext;
  if (jobTarget.service !== "tencent-edgeone") return observeOrSetting(jobTarget, httpsOff, context);
  const now = await observeHost(jobTarget, deploymentContext);
  return { ...now, hasDesired: now.before?.none === true };
}
