import { tencentSsl } from "../../catalogue/services.js";
import { coversAll, toAscii } from "../../certificates/domain-names.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { CONCURRENT_CHECKS, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import { listDomains, listedServices } from "../inventory/domains.js";
import { notLookedAt } from "../inventory/inventory.js";
import type { ListedDomain } from "../inventory/listing.js";
import { withRecentChanges } from "../inventory/recent-changes.js";
import { afterUnlisted, describeUnseen, type LocatedTarget, targetAt, withRedirects } from "./find-targets.js";

/** What they serve for which name is known only of those that have a given certificate. */
const boundNotSearched = safe`Not looked for: load balancers, CDN and other resources at Tencent Cloud beside EdgeOne. To change those that have an old certificate, name it in replaces.`;

/** Every domain with HTTPS that the certificate covers; those without HTTPS are not switched on. */
export async function coveredTargets(
  names: readonly string[],
  context: ToolContext,
  takes: (service: LocatedTarget["service"]) => boolean = () => true,
): Promise<{ readonly targets: readonly LocatedTarget[]; readonly leftOut: readonly SafeText[] }> {
  const { domains, unseen: missing, doubts = [] } = await withRecentChanges(await listDomains(context), context);
  const unseen = [...missing, ...doubts];
  const absent = notLookedAt(context, listedServices);
  const everywhere = domains.filter(({ domain }) => coversAll(names, [toAscii(domain)]));
  const covered = everywhere.filter(({ service }) => takes(service.id));
  const elsewhere = everywhere.filter(({ service }) => !takes(service.id)).map(({ domain }) => formatName(domain));
  const without = covered.filter(({ https }) => https === false);
  const off = without.filter(({ changed }) => changed === undefined).map(({ domain }) => formatName(domain));
  const turnedOff = without.filter(({ changed }) => changed !== undefined).map(({ domain }) => formatName(domain));
  const maybe = covered.filter(({ https }) => https === undefined);
  const seen = await withHttpsAtEdge(maybe, context);
  const unclear = maybe.filter((each) => !seen.has(each)).map(({ domain }) => formatName(domain));
  const on = covered.filter((each) => each.https || seen.has(each)).map((each) => targetAt(each, {}));
  if (on.length === 0) {
    throw unusable(
      afterUnlisted(
        missing,
        `The certificate covers no domain with HTTPS that the clouds list.${describeUnseen([...doubts, ...absent.map(String)])}`,
      ),
      "Name the targets.",
    );
  }
  return {
    targets: await withRedirects(on, context),
    leftOut: [
      off.length > 0 && safe`Covered, but without HTTPS now, and left as they are: ${joined(off)}.`,
      turnedOff.length > 0 &&
        safe`Covered, but HTTPS was turned off from here lately, which the cloud's list does not show yet; left as they are: ${joined(turnedOff)}.`,
      unclear.length > 0 &&
        safe`Covered, but whether they have HTTPS could not be read, and no certificate for them was seen at their edge; left as they are unless named as targets: ${joined(unclear)}.`,
      elsewhere.length > 0 &&
        safe`Covered, but in another cloud than the certificate's store, and left as they are: ${joined(elsewhere)}.`,
      ...unseen.map(verbatim),
      ...absent,
      takes("tencent-ssl") && context.services.has(tencentSsl) && boundNotSearched,
    ].filter((each) => each !== false),
  };
}

/** Those whose edge serves a certificate for their name, which they can do only with HTTPS switched on. */
async function withHttpsAtEdge(
  domains: readonly ListedDomain[],
  context: ToolContext,
): Promise<ReadonlySet<ListedDomain>> {
  const found = await mapConcurrent(domains, CONCURRENT_CHECKS, async (each) => {
    // A wildcard has no address of its own.
    if (each.domain.startsWith("*.")) return [];
    const tlsReport = await tlsReportOrReason(each.domain, context);
    const served = typeof tlsReport === "string" ? [] : certificatesServedIn(tlsReport);
    return served.some(({ names }) => coversAll(names, [toAscii(each.domain)])) ? [each] : [];
  });
  return new Set(found.flat());
}
