import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import type { PreviousRuns } from "../../jobs/previous-runs.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { CloudCertificate, DeploymentContext } from "./deployer.js";
import { readStored } from "./held.js";
import { type EdgeoneHosts, listHosts } from "./hosts.js";
import { type RolloutStatus, rolloutStatusesOf } from "./rollout-status.js";

/** What the deliveries of one job share; common reads are done once. */
export function createDeploymentContext(
  anchor: string | undefined,
  { lastSent, lastTried }: Pick<PreviousRuns, "lastSent" | "lastTried">,
  context: ToolContext,
): DeploymentContext {
  let arrivals: Promise<readonly RolloutStatus[]> | undefined;
  const certificates = new Map<string, Promise<CloudCertificate>>();
  const zones = new Map<string, Promise<EdgeoneHosts>>();
  return {
    context,
    anchor,
    lastSent,
    lastTried,
    stored: (id) => {
      const reading = certificates.get(id) ?? readStored(id, context);
      certificates.set(id, reading);
      return reading;
    },
    arrivals: () => {
      arrivals ??= rolloutStatusesOf(context);
      return arrivals;
    },
    hosts: (zone) => {
      const reading = zones.get(zone) ?? (anchor ? listHosts(anchor, zone, context) : noHosts(context));
      zones.set(zone, reading);
      return reading;
    },
  };
}

/** @throws {PolicyViolation} if the policy excludes the read of the certificate to start from */
async function noHosts({ exclusionOf }: ToolContext): Promise<EdgeoneHosts> {
  const excluded = exclusionOf(describeCertificates);
  if (excluded !== undefined) throw excluded;
  return new Map();
}
