import type { Warning } from "../../catalogue/operation.js";
import type { Beside, JobTarget, PreviousState } from "../../jobs/job.js";
import type { SentRequest } from "../../jobs/requests.js";
import { type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import type { ExecuteStep, PendingValue, Step, ToolContext } from "../../pipeline/tool.js";
import { certificateInWords } from "../../tls-check/descriptions.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import type { BoundResourceGroup } from "./bound-resources.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import type { EdgeoneHosts } from "./hosts.js";
import type { RolloutStatus } from "./rollout-status.js";
import type { Target } from "./targets.js";

/** The id that an upload gives, in what is planned before it. */
export const uploadedCertificate: PendingValue = {
  placeholder: "id of the certificate that is uploaded first",
  says: safe`the certificate that is uploaded first`,
};

/** The id of the certificate, or what stands for it until it is uploaded. */
export function idOf({ facts }: Pick<DesiredCertificate, "facts">) {
  const { certificateId: id } = facts;
  return id === undefined
    ? {
        id: uploadedCertificate.placeholder,
        inWords: safe`${certificateInWords(facts)}, uploaded first`,
        pending: [uploadedCertificate],
      }
    : { id, inWords: safe`certificate ${termInWords(id)}` };
}

/** What a target has now. */
export interface ObservedState {
  readonly before?: PreviousState | undefined;
  /** It has the wanted certificate already. */
  readonly has: boolean;
  /** What should be known of it, in a sentence. */
  readonly says?: SafeText | undefined;
  /** Where a one-click update finds something to do. */
  readonly places?: readonly BoundResourceGroup[] | undefined;
  /** Whether it was seen at the edge; otherwise the cloud told it, whose edge may be behind. */
  readonly isAtEdge?: boolean | undefined;
  /** It has the wanted certificate with a chain that lacks something, or has too much. */
  readonly otherChain?: boolean | undefined;
  /** It has what is wanted, and clients need an intermediate besides. */
  readonly incomplete?: boolean | undefined;
  /** Whether the cloud's own records tell what is under way, too, so that no journal is needed for it. */
  readonly tellsAll?: boolean | undefined;
  /** What was found: SHA-256 of leaves, or ids at Tencent Cloud SSL; "none" for no certificate. */
  readonly shows?: readonly string[] | undefined;
  /** Of an EdgeOne host: all that it has. */
  readonly held?: HostCertificates | undefined;
  /** What it has, or is given, beside the wanted one. */
  readonly beside?: readonly Beside[] | undefined;
  /** What a person should know before this is sent. */
  readonly warnings?: readonly Warning[] | undefined;
  /** Why nothing can be sent now, in a sentence. */
  readonly blocked?: string | undefined;
}

/** What deliveries of one job share. */
export interface DeploymentContext {
  readonly context: ToolContext;
  /** What is known of the hosts of a zone; read once for all of them. */
  hosts(zone: string): Promise<EdgeoneHosts>;
  /** A certificate from which a read that lists hosts can start. */
  readonly anchor: string | undefined;
  /** One-click updates of Tencent Cloud that are under way; read once for all. */
  arrivals(): Promise<readonly RolloutStatus[]>;
  /** The newest request for a target. */
  lastSent(targetId: string): SentRequest | undefined;
  /** When something was last sent to a target, refused or not, in milliseconds since the epoch. */
  lastTried(targetId: string): number | undefined;
  /** A certificate of Tencent Cloud SSL; read once. */
  stored(certificateId: string): Promise<CloudCertificate>;
}

/** How one service is given a certificate. What differs between the services stands behind this. */
export interface Deployer {
  observe(target: Target, desired: DesiredCertificate, deploymentContext: DeploymentContext): Promise<ObservedState>;
  /** The call that makes the target serve the certificate. */
  step(
    target: Target,
    desired: DesiredCertificate,
    observed: ObservedState,
    deploymentContext: DeploymentContext,
  ): Step;
  /** Sends the step; gives what is known of the target once the cloud has taken it. */
  deliver(
    step: Step,
    executeStep: ExecuteStep,
    placeholders: ReadonlyMap<string, string>,
    context: ToolContext,
  ): Promise<Partial<JobTarget>>;
  /** Whether a request of which nothing is known took effect since then (ISO 8601); undefined where that does not show. */
  verifyApplied(
    target: JobTarget,
    desired: DesiredCertificate,
    deploymentContext: DeploymentContext,
    since: string,
  ): Promise<Partial<JobTarget> | undefined>;
}

/**
 * An EdgeOne host may have a certificate of each algorithm, and one call sets them all: what it does not name is gone
 * (allinssl/allinssl#442, certd/certd#546).
 */

/** A certificate of Tencent Cloud SSL, as far as it could be read. */
export interface CloudCertificate {
  readonly id: string;
  readonly algorithm?: string;
  readonly sha1?: string;
  readonly sha256?: string;
  readonly names?: readonly string[];
  readonly notAfter?: string;
  readonly issued: boolean;
  readonly status: SafeText;
}

/** What an EdgeOne host has. */
export interface HostCertificates {
  /** Those of Tencent Cloud SSL. */
  readonly stored: readonly CloudCertificate[];
  /** What its edge serves besides, and Tencent Cloud SSL does not have. */
  readonly unstored: readonly ServedCertificate[];
  /** Why it is not known whether it has more. */
  readonly doubt?: string;
}
