import { formatName, safe } from "../../lib/safe-text.js";
import { domain, text } from "../params.js";
import { resourceId, type Serving } from "../serving.js";

/* What the operations on a domain's HTTPS settings share. */

/**
 * Refuses arguments that are invalid in any way (docs/cloud-behaviour.md 6.2), and a look at the settings of a domain
 * without a certificate (inferred, 6.3).
 */
export const illegalOrBare = "LIVE.100011001";

/** The project has no such domain in this region. */
export const noSuchDomain = "LIVE.103011019";

export const httpsErrors: readonly string[] = [illegalOrBare, "LIVE.100011003", noSuchDomain, "LIVE.100011005"];

export const ofDomain = () => ({
  project_id: text("Project ID"),
  domain: domain("Streaming domain", { min: 1, max: 255 }),
});

export const describeLiveDomain = (name: string) => safe`Live domain ${formatName(name)}`;

/** What a call makes the domain serve. */
export function servingLive(
  project: string,
  name: string,
  serves: Pick<Serving, "certificate" | "forceRedirect">,
): Serving {
  const id = resourceId("huawei-live", name, project);
  return { id, service: "huawei-live", name: describeLiveDomain(name), domain: name, ...serves };
}
