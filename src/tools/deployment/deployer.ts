import { readReply } from "../../catalogue/documented-reply.js";
import type { Warning } from "../../catalogue/operation.js";
import type { ListedHostCertificate } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import type { LeafFingerprints } from "../../certificates/fingerprint.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import type { Beside, Job, JobTarget, PreviousState } from "../../jobs/job.js";
import type { PreviousRuns } from "../../jobs/previous-runs.js";
import { formatId, type SafeText, safe } from "../../lib/safe-text.js";
import type { PendingValue, Step, StepReply, ToolContext } from "../../pipeline/tool.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import type { Unread } from "../../tls-check/other-certificates.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import type { BoundResourceGroup } from "../certificate-usage.js";
import type { UpdateInProgress } from "../wait-for/update-record.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import type { Leaf } from "./previous-certificate.js";
import type { DesiredTarget } from "./targets.js";

/** Stands for the id of an uploaded certificate in steps that are planned before the upload. */
export const uploadedCertificate: PendingValue = {
  placeholder: "id of the certificate that is uploaded first",
  says: safe`the certificate that is uploaded first`,
};

/** The id of the certificate, or its placeholder until it is uploaded. */
export function idOrPlaceholder({ facts }: Pick<DesiredCertificate, "facts">) {
  const { certificateId: id } = facts;
  return id === undefined
    ? {
        id: uploadedCertificate.placeholder,
        description: safe`${describeServedCertificate(facts)}, uploaded first`,
        pending: [uploadedCertificate],
      }
    : { id, description: safe`certificate ${formatId(id)}` };
}

/** What a target has now. */
export interface ObservedState {
  readonly before?: PreviousState | undefined;
  /** It already has the wanted certificate. */
  readonly hasDesired: boolean;
  /** What to know about it, in a sentence. */
  readonly says?: SafeText | undefined;
  /** The resources that a one-click update would change. */
  readonly places?: readonly BoundResourceGroup[] | undefined;
  /** Whether it was seen at the edge; otherwise the cloud reported it, and its edge may lag behind. */
  readonly isAtEdge?: boolean | undefined;
  /** It has the wanted certificate, but the chain has certificates missing or too many. */
  readonly otherChain?: boolean | undefined;
  /** It has the wanted certificate, but clients need an intermediate that is missing. */
  readonly incomplete?: boolean | undefined;
  /** Whether the cloud's own records also show what is in progress, which makes the journal unnecessary. */
  readonly showsRequestsInProgress?: boolean | undefined;
  /** What was found: leaves, with "none" for no HTTPS, or ids at Tencent Cloud SSL. */
  readonly seenCertificates?: readonly (LeafFingerprints | string)[] | undefined;
  /** EdgeOne host only: all its certificates. */
  readonly hostCertificates?: HostCertificates | undefined;
  /** Certificates it has, or gets, next to the wanted one. */
  readonly beside?: readonly Beside[] | undefined;
  /** What a person should know before the step is sent. */
  readonly warnings?: readonly Warning[] | undefined;
  /** What the step cannot change and leaves as it is, as a sentence. */
  readonly left?: SafeText | undefined;
  /** Why nothing can be sent now, in a sentence. */
  readonly blocked?: string | undefined;
}

/** What the deployers of one job share. */
export interface DeploymentContext {
  readonly context: ToolContext;
  /** The certificates of an EdgeOne host, its zone read once for all targets. */
  listedCertificates(host: JobTarget): Promise<HostListing>;
  /** A certificate that reads listing hosts can start from. */
  readonly listingCertificateId: string | undefined;
  /** One-click updates in progress at Tencent Cloud; read once for all targets. */
  updatesInProgress(): Promise<readonly UpdateInProgress[]>;
  /** What the journal had when the plan was made. */
  readonly earlier: PreviousRuns;
  /** A certificate at Tencent Cloud SSL; read once. */
  storedCertificate(certificateId: string): Promise<CloudCertificate>;
}

/** How to make a target serve something. */
export interface TargetActions {
  /** Id of the certificate at Tencent Cloud SSL, if it has one. */
  readonly certificateId?: string | undefined;
  /** Whether what should be served lacks an intermediate. */
  readonly incomplete?: boolean | undefined;
  /** What it should serve besides. */
  readonly beside?: readonly Beside[] | undefined;
  observe(at: JobTarget): Promise<ObservedState>;
  /**
   * What is known of a request with unknown outcome if it is seen to have taken effect since then (ISO 8601); undefined if
   * that is not seen.
   */
  verifyApplied(at: JobTarget, since: string): Promise<Partial<JobTarget> | undefined>;
  step(at: JobTarget, observed: ObservedState): Step;
}

/** The deployment to roll back. */
export interface Rollback {
  readonly deployment: Job;
  readonly deploymentContext: DeploymentContext;
  /** Looks for the certificate of a leaf, once for all targets; a text says why it is unavailable. */
  previousOf(leaf: Leaf, service: JobTarget["service"]): Promise<DesiredCertificate | SafeText>;
}

/** How a target is restored: by deploying what it had, or as its service undoes it; or why it cannot be. */
export type WayBack =
  | { readonly cannot: SafeText }
  | { readonly previous: DesiredCertificate; readonly beside?: readonly Beside[] }
  | { readonly expected: Expectation; readonly putsBack: string; readonly actions: TargetActions };

/** How to deploy to one service, and how to undo that. What targets it takes, and their names, are in targets.ts. */
export interface Deployer {
  /** Whether its targets refer to a certificate by its id at Tencent Cloud SSL; otherwise the key is sent. */
  readonly takesId: boolean;
  /** Makes a target serve the certificate. */
  serve(
    options: Pick<DesiredTarget, "certName" | "beside">,
    desired: DesiredCertificate,
    deploymentContext: DeploymentContext,
  ): TargetActions;
  /** What a reply to the step tells about the target; undefined if the step has to be sent again. */
  interpretReply(sent: StepReply, context: ToolContext): Promise<Partial<JobTarget> | undefined>;
  /**
   * Turns HTTPS off for a domain; absent if its targets are no domains.
   * @param then what visitors get afterwards, for the plan
   */
  off?(then: SafeText, deploymentContext: DeploymentContext): TargetActions;
  /** @param target as the deployment left it */
  wayBack(target: JobTarget, rollback: Rollback): Promise<WayBack>;
}

/** Most services take a certificate with one request. Of these replies only that of a rollback names a record. */
export const answeredOnce: Deployer["interpretReply"] = async ({ reply }) => {
  const { RequestId: requestId, DeployRecordId: recordId } = readReply(updateCertificateRecordRollback, reply) ?? {};
  return { ...(requestId && { requestId }), ...(recordId && { recordId }) };
};

/** What the cloud's lists show of an EdgeOne host. */
export interface HostListing {
  /** Undefined if the host is not listed. */
  readonly certificates: readonly ListedHostCertificate[] | undefined;
  /** Why that may not be all: the list of its site, which has all, was not read or does not tell. */
  readonly unread?: Unread;
}

/** A certificate at Tencent Cloud SSL, as far as it could be read. */
export interface CloudCertificate {
  readonly id: string;
  readonly algorithm?: string;
  readonly sha1?: string;
  readonly sha256?: string;
  readonly names?: readonly string[];
  readonly notAfter?: string;
  readonly issued: boolean;
  readonly status: SafeText;
  /** It may well be issued, but could not be read. */
  readonly unread?: boolean;
  /** EdgeOne could not put it into force on the host. */
  readonly failed?: boolean | undefined;
}

/**
 * The certificates of an EdgeOne host. It may have one per algorithm, and one call sets them all: what it does not name
 * is removed (allinssl/allinssl#442, certd/certd#546).
 */
export interface HostCertificates {
  /** Certificates stored at Tencent Cloud SSL. */
  readonly stored: readonly CloudCertificate[];
  /** Certificates that its edge also serves and Tencent Cloud SSL does not have. */
  readonly unstored: readonly ServedCertificate[];
  /** Why it is not known whether it has more. */
  readonly doubt?: string;
}
