import { deleteDomainHttpsCert } from "../../catalogue/huawei-live/delete-domain-https-cert.js";
import { showDomainHttpsCert } from "../../catalogue/huawei-live/show-domain-https-cert.js";
import { updateDomainHttpsCert } from "../../catalogue/huawei-live/update-domain-https-cert.js";
import type { JobTarget } from "../../jobs/job.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readForListing } from "../inventory/listing.js";
import { answeredOnce, type Deployer, type DeploymentContext, type TargetActions } from "./deployer.js";
import {
  actionsAtEdge,
  backAtEdge,
  certificateGiven,
  chainChangeOf,
  changeOf,
  httpsOff,
  observe,
  redirectChangeOf,
} from "./edge-actions.js";

/** No operation offered here shows the redirect, so a requested redirect must not be reported as set. */
const redirectUnseen = safe`it serves this certificate already; whether HTTP is redirected cannot be seen and was not changed: UpdateDomainHttpsCert sets it`;

/** Whether HTTP is redirected now, for a way back; undefined if that cannot be read. */
async function redirectOf({ projectId, domain }: JobTarget, context: ToolContext): Promise<boolean | undefined> {
  const reading = readForListing(context, showDomainHttpsCert, { project_id: projectId, domain });
  const shown = await unlessFailed(reading, () => undefined);
  return typeof shown?.force_redirect === "boolean" ? shown.force_redirect : undefined;
}

/** A domain of Huawei Cloud Live: it gets the certificate from its cloud's store or with its key, and whether to redirect HTTP. */
export const huaweiDeployer: Deployer = {
  takesId: false,
  serve: (_options, desired, { context }) => {
    const step: TargetActions["step"] = (at, observed) => ({
      name: at.name,
      operation: updateDomainHttpsCert,
      params: {
        project_id: at.projectId,
        domain: at.domain,
        force_redirect: at.forceRedirect,
        tls_certificate:
          desired.inStore && "scm" in desired.inStore
            ? { source: "scm", cert_id: desired.inStore.scm }
            : {
                source: "user",
                certificate: desired.pair?.certificate,
                certificate_key: desired.pair?.privateKey,
              },
      },
      ...(desired.inStore && { checkedParams: ["tls_certificate.cert_id"] }),
      changes: [
        changeOf(at, certificateGiven(desired.facts)),
        ...chainChangeOf(at, observed, desired),
        redirectChangeOf(at, at.forceRedirect ? safe`HTTP redirected to HTTPS` : safe`off`),
      ],
    });
    const observeWithRedirect: TargetActions["observe"] = async (at) => {
      const observed = await observe(at, desired.facts, context);
      if (observed.hasDesired) return { ...observed, says: redirectUnseen };
      if (observed.before?.served === undefined) return observed;
      const redirect = await redirectOf(at, context);
      return redirect === undefined ? observed : { ...observed, before: { ...observed.before, redirect } };
    };
    return { ...actionsAtEdge(desired.facts, step, context), observe: observeWithRedirect };
  },
  interpretReply: answeredOnce,
  off,
  wayBack: (target, rollback) => backAtEdge(target, off, rollback),
};

function off(then: SafeText, { context }: DeploymentContext) {
  const step = (at: JobTarget) => ({
    name: at.name,
    operation: deleteDomainHttpsCert,
    params: { project_id: at.projectId, domain: at.domain },
    changes: [changeOf(at, then), redirectChangeOf(at, safe`off, without a certificate`)],
  });
  return actionsAtEdge(httpsOff, step, context);
}
