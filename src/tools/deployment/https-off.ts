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
  at: JobTarget,
  then: SafeText,
  deploymentContext: DeploymentContext,
  observed: Pick<ObservedState, "held"> = {},
): Step | undefined {
  switch (at.service) {
    case "tencent-ssl":
      return undefined;
    case "tencent-edgeone":
      return {
        name: at.name,
        operation: modifyHostsCertificate,
        params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "disable" },
        changes: [planned(subjectOf(at, deploymentContext, observed), "server certificate", then)],
      };
    case "alibaba-cdn":
    case "alibaba-dcdn":
    case "alibaba-vod":
      return {
        name: at.name,
        operation: setterOf(at.service),
        params: { DomainName: asAlibabaWrites(at.domain ?? ""), SSLProtocol: "off" },
        changes: [changeOf(at, then)],
      };
    case "huawei-live":
      return {
        name: at.name,
        operation: deleteDomainHttpsCert,
        params: { project_id: at.projectId, domain: at.domain },
        changes: [changeOf(at, then), redirectChangeOf(at, safe`off, without a certificate`)],
      };
  }
}

/** What a domain has now, to turn it off: EdgeOne lists it, of the others the edge shows it. */
export async function observeBeforeOff(at: JobTarget, deploymentContext: DeploymentContext): Promise<ObservedState> {
  const { context } = deploymentContext;
  if (at.service !== "tencent-edgeone") return observeOrSetting(at, httpsOff, context);
  const now = await observeHost(at, deploymentContext);
  return { ...now, has: now.before?.none === true };
}
