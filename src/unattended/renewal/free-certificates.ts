import { coversAll } from "../../certificates/domain-names.js";
import type { JsonObject } from "../../lib/json.js";
import { memoize } from "../../lib/memoize.js";
import type { FilePair } from "./file-pairs.js";
import { dueAt, type PlaceInUse } from "./inventory.js";
import { type RenewalRun, stateAfterCall } from "./renewal.js";

/**
 * Applies for a free certificate where nothing takes over, one for each domain. Whether that was done before is read
 * from the store: an application that is pending is never made again, and once issued the certificate is a successor.
 * The store may show an application late, so one that was sent within the hour is not made again, either.
 */
export async function applyFor(
  places: readonly PlaceInUse[],
  pairs: readonly FilePair[],
  { inventory, apply, before, dryRun, callTool, signal, now, calls, results }: RenewalRun,
): Promise<void> {
  const pending = inventory.stored.filter(({ service, group }) => service === "tencent-ssl" && group === "pending");
  const applied = memoize(async (domain: string, place: PlaceInUse) => {
    const call = await callTool("ApplyCertificate", {
      DvAuthMethod: "DNS_AUTO",
      DomainName: domain,
      ...keyParameters(place),
    });
    calls.push(call);
    return stateAfterCall(call, dryRun, "applied for");
  });
  for (const place of places) {
    const { domain } = place;
    if (domain === undefined) continue;
    const waiting = pending.find(({ names }) => coversAll(names, [domain]));
    if (waiting !== undefined) {
      results.set(place, { state: "applied for", successor: waiting.id, says: "applied for, and not issued yet" });
      continue;
    }
    const sent = inventory.applications.find((each) => coversAll([each.domain], [domain]));
    if (sent !== undefined) {
      const says = sent.accepted ? `applied for ${sent.at}, and not listed yet` : unknownSince(sent.at);
      results.set(place, { state: sent.accepted ? "applied for" : "failed", says });
      continue;
    }
    const isKept = pairs.some(({ names, fitness }) => fitness === "fit" && coversAll(names, [domain]));
    if (isKept && now().getTime() < patienceUntil(place, before)) {
      results.set(place, { state: "no successor", says: "a tool keeps it as a file, and has not renewed it yet" });
      continue;
    }
    if (!canApplyAt(place, { apply }) || signal.aborted) continue;
    results.set(place, await applied(domain, place));
  }
}

const unknownSince = (at: string) =>
  `an application was sent ${at}, outcome unknown; it is not listed yet, and is sent again only after an hour without it`;

/** Whether a free certificate could be had there: it has no wildcard. */
export const canApplyAt = ({ domain }: PlaceInUse, { apply }: Pick<RenewalRun, "apply">): boolean =>
  apply && domain !== undefined && !domain.startsWith("*.");

/** A tool may renew the file later today: it gets the first half of the time that is left. */
function patienceUntil({ held }: PlaceInUse, before: number | undefined): number {
  return (dueAt(held, before) + Date.parse(held.ends)) / 2;
}

/** The cloud's default, RSA 2048, is weaker than the usual EC key, and no standing approval covers a weaker key. */
const keyParameters = ({ held }: PlaceInUse): JsonObject =>
  held.kind === "EC" ? { CsrEncryptAlgo: "ECC", CsrKeyParameter: "prime256v1" } : {};
