import { isAlibabaEdge, setterOf } from "../../catalogue/alibaba-edges.js";
import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import type { JobTarget } from "../../jobs/job.js";
import type { SafeText } from "../../lib/safe-text.js";
import { answeredOnce, type Deployer, type DeploymentContext, type TargetActions } from "./deployer.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import { actionsAtEdge, backAtEdge, certificateGiven, chainChangeOf, changeOf, httpsOff } from "./edge-actions.js";
import { copyName } from "./targets.js";

/** A domain of Alibaba Cloud CDN, DCDN or VOD: it gets the certificate from its cloud's store, or a copy with the key. */
export const alibabaDeployer: Deployer = {
  takesId: false,
  serve: ({ certName }, desired, deploymentContext) => {
    const step: TargetActions["step"] = (at, observed) => ({
      name: at.name,
      operation: setterFor(at),
      params: {
        DomainName: asAlibabaWrites(at.domain ?? ""),
        SSLProtocol: "on",
        ...(desired.inStore && "cas" in desired.inStore
          ? { CertType: "cas", CertId: desired.inStore.cas, CertRegion: desired.inStore.region }
          : {
              CertType: "upload",
              CertName: certName ?? nameFor(at, desired, deploymentContext),
              SSLPub: desired.pair?.certificate,
              SSLPri: desired.pair?.privateKey,
            }),
      },
      ...(desired.inStore && { checkedParams: ["CertId"] }),
      changes: [changeOf(at, certificateGiven(desired.facts)), ...chainChangeOf(at, observed, desired)],
    });
    return actionsAtEdge(desired.facts, step, deploymentContext.context);
  },
  interpretReply: async (sent, context) => {
    const { CertName: copy } = sent.step.params;
    return { ...(await answeredOnce(sent, context)), ...(typeof copy === "string" && { copy }) };
  },
  off,
  wayBack: (target, rollback) => backAtEdge(target, off, rollback),
};

function off(then: SafeText, { context }: DeploymentContext) {
  const step = (at: JobTarget) => ({
    name: at.name,
    operation: setterFor(at),
    params: { DomainName: asAlibabaWrites(at.domain ?? ""), SSLProtocol: "off" },
    changes: [changeOf(at, then)],
  });
  return actionsAtEdge(httpsOff, step, context);
}

/** @throws {Error} for a target of another cloud, which has a deployer of its own */
function setterFor({ service, name }: JobTarget) {
  if (!isAlibabaEdge(service)) throw new Error(`${name} is not at Alibaba Cloud`);
  return setterOf(service);
}

/** How many digits of the fingerprint go into a name. */
const DIGITS = 8;

/**
 * A name that no copy has yet, because a taken one is refused: another machine, or one that lost its journal, may have
 * stored this certificate for this domain before, and a failed call may have stored it anyway (netcccyun/dnsmgr#165).
 * The name therefore contains the certificate, the process and the time of the last request to the domain. It does not
 * change while a person is asked.
 */
function nameFor(
  { id, service, domain = "" }: JobTarget,
  { facts }: DesiredCertificate,
  { earlier, context }: DeploymentContext,
): string {
  const last = earlier.lastTried(id);
  const after = last === undefined ? "" : `-${last.toString(36)}`;
  // All services keep their copies in the same store.
  const of = service === "alibaba-cdn" ? "" : service.replace("alibaba", "");
  return copyName(domain.replace(/^\*\./, ""), `${of}-${facts.sha256.slice(0, DIGITS)}-${context.nonce}${after}`);
}
