import { planned, servedDomain, unseen } from "../../catalogue/planned.js";
import type { Look, Served } from "../../edge/edge.js";
import { noHttps, servedAs, unreachedIn } from "../../edge/served.js";
import { Failure } from "../../failure.js";
import type { Before, JobTarget } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";
import type { SafeText } from "../../visible.js";
import { pauseFor } from "../reading.js";
import type { Sight } from "./delivery.js";
import { hostOf, targetInWords } from "./targets.js";

/** Alibaba Cloud and Huawei Cloud tell by no documented operation what a domain serves; its edge shows it. */

type Context = Pick<OwnToolContext, "edge" | "signal">;

/** What a domain serves, compared with what it is to serve. */
export async function sightOf(target: JobTarget, sha256: string, context: Context): Promise<Sight> {
  const host = hostOf(target);
  if (host === undefined) return { has: false, says: "What a wildcard serves cannot be seen; its hosts can." };
  const look = await lookAt(host, context);
  if (typeof look === "string") return { has: false, says: `What it serves now could not be seen: ${look}` };
  const served = servedAs(look, sha256);
  if (served === "unreachable") {
    return { has: false, says: `What it serves now could not be seen: ${unreachedIn(look).join(" ")}` };
  }
  const before = beforeOf(look, servedAs(look, noHttps) === "serving");
  const shows = before.none ? ["none"] : before.served?.map((leaf) => leaf.sha256);
  return { before, has: served === "serving", isAtEdge: true, shows };
}

/** The line of the plan: what visitors get now, and then. */
export function changeOf(target: JobTarget, then: SafeText) {
  const host = hostOf(target);
  const name = targetInWords(target);
  const subject = host === undefined ? unseen(name) : servedDomain(name, host);
  return planned(subject, "HTTPS", then);
}

/** How long the edge may take to show the first sign of a request that nothing is known of. */
const pausesForSign = [1_000, 2_000, 2_000];

/** Whether any address serves the certificate already: the request must have arrived. */
export async function showsAtEdge(
  target: JobTarget,
  sha256: string,
  context: Context & Pick<OwnToolContext, "pause">,
): Promise<boolean> {
  const host = hostOf(target);
  // Where it was served before, or something else is on its way, it is no sign that it still is.
  const wasServed = target.before?.served?.some((leaf) => leaf.sha256 === sha256) === true;
  if (host === undefined || wasServed || target.supersedes !== undefined) return false;
  for (const ms of [0, ...pausesForSign]) {
    if (ms > 0) await pauseFor(context, ms);
    const look = await lookAt(host, context);
    if (typeof look === "string") continue;
    // An address without HTTPS may have had none before.
    const signs: readonly Served[] = sha256 === noHttps ? ["serving"] : ["serving", "some clients", "propagating"];
    if (signs.includes(servedAs(look, sha256))) return true;
  }
  return false;
}

/** Why there is nothing to see, where the operator does not allow to look or the name is none. */
async function lookAt(host: string, { edge, signal }: Context): Promise<Look | string> {
  try {
    const look = await edge.look(host, { signal });
    return look.addresses.length === 0 ? (look.problem ?? "it has no address.") : look;
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure)) throw error;
    return error.facts.happened;
  }
}

function beforeOf({ addresses }: Look, none: boolean): Before {
  const leaves = addresses.flatMap(({ certificates }) => certificates);
  const bySha256 = new Map(leaves.map((leaf) => [leaf.sha256, leaf]));
  const served = [...bySha256.values()].map(({ sha256, sha1, names, notAfter }) => ({
    sha256,
    sha1,
    names: [...names],
    notAfter,
  }));
  return none ? { none: true } : { served };
}
