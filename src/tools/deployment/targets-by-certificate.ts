import { uniqueNames } from "../../catalogue/naming.js";
import { tencentSsl } from "../../catalogue/services.js";
import { productBrand } from "../../catalogue/tencent-ssl/bound-resources.js";
import { coversAll, toAscii, uncovered } from "../../certificates/domain-names.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import type { JobCertificate } from "../../jobs/job.js";
import { partition, present } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatId, formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unlessFailed, unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { answeredIn, CONCURRENT_CHECKS, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { boundDomainsOf, typesBesideHosts } from "../certificate-usage.js";
import { listDomains, listedServices } from "../inventory/domains.js";
import { notLookedAt, readInventory } from "../inventory/inventory.js";
import type { ListedDomain } from "../inventory/listing.js";
import { withRecentChanges } from "../inventory/recent-changes.js";
import { didYouMean } from "../inventory/used-by.js";
import { afterUnlisted, describeUnseen, type LocatedTarget, targetAt, withRedirects } from "./find-targets.js";
import { findOldCertificate, type OldCertificate } from "./old-certificate.js";

/* The targets of a deployment that names none: what the certificate covers, or what has the one that it replaces. */

/**
 * Every place that has the old certificate now: domains whose cloud lists it, domains whose edge serves it under
 * another id, and what else uses it at Tencent Cloud.
 * The lists of some clouds show a name, and others an id, so the stores tell what is meant.
 * @param names of the new certificate; domains that it does not cover are left as they are
 * @param within the only services to change anything in; all if absent
 * @throws {ToolError} of kind input if there is none, or if several certificates are called so
 */
export async function replacedTargets(
  idOrName: string,
  { names, ...leaf }: Pick<JobCertificate, "names" | "sha256" | "sha1">,
  context: ToolContext,
  within?: ReadonlySet<string>,
): Promise<{ readonly targets: readonly LocatedTarget[]; readonly leftOut: readonly SafeText[] }> {
  // Another certificate that an earlier job set, and the list does not show yet, is left to the plan, which knows.
  const inventory = await listDomains(context);
  const recent = await withRecentChanges(inventory, context);
  const old = await findOldCertificate(idOrName, inventory, context);
  if (old.leaves.some((each) => isSameLeaf(each, leaf)))
    throw unusable("The new certificate and the one that it replaces are the same.");
  const off = new Set(inventory.domains.filter((_, index) => recent.domains[index]?.https === false));
  const [turnedOff, on] = partition(
    inventory.domains.filter(({ https }) => https !== false),
    (each) => off.has(each),
  );
  const isMeant = ({ id }: { readonly id: string }) => within === undefined || within.has(id);
  const [meant, elsewhere] = partition(on, ({ service }) => isMeant(service));
  const [listed, others] = partition(meant, old.isOnDomain);
  const notShown = [...(inventory.doubts ?? []).map(verbatim), ...old.unseen, ...notLookedAt(context)];
  const unseen = [...inventory.unseen.map(verbatim), ...notShown];
  const nothingFound = (why: string) =>
    afterUnlisted(inventory.unseen, `${why}${describeUnseen(notShown.map(String))}`);
  const served = await servedElsewhere(old, others, context);
  const bound = isMeant(tencentSsl)
    ? await boundElsewhere(old, [...old.tencentIds, ...(await old.copiesOnHosts(served.domains))], names, context)
    : nothingBound;
  const [covered, uncoveredDomains] = partition([...listed, ...served.domains], ({ domain }) =>
    isCovered(names, domain),
  );
  const targets = [...covered.map((each) => targetAt(each, {})), ...bound.targets];
  if (targets.length === 0 && !old.isKnown) {
    const { certificates } = await readInventory(context, { fresh: false, withDomains: false });
    throw unusable(
      nothingFound(
        `No stored certificate has the id or name ${formatId(idOrName)}, and no domain is listed with it.${didYouMean(idOrName, certificates)}`,
      ),
      "Take the id or name from find_certificates, which lists the certificates of all clouds and the domains.",
    );
  }
  if (targets.length === 0) {
    throw unusable(
      nothingFound(
        [
          `No domain that the clouds list and the new certificate covers has ${idOrName} now.`,
          ...bound.leftOut.map(String),
        ].join(" "),
      ),
      [
        "See find_certificates (certificate_id) for what has it, or name the targets.",
        ...(bound.areProductsLeft ? [allTheSame] : []),
      ].join(" "),
    );
  }
  return {
    targets: await withRedirects(targets, context),
    leftOut: present([
      turnedOff.some(old.isOnDomain) &&
        safe`HTTPS was turned off from here lately, which the cloud's list does not show yet: ${joined(turnedOff.filter(old.isOnDomain).map(nameOf))}.`,
      uncoveredDomains.length > 0 &&
        safe`They have the old certificate, but the new one does not cover them: ${joined(uncoveredDomains.map(nameOf))}.`,
      elsewhere.some(old.isOnDomain) &&
        safe`They have the old certificate in services that were not named, and are left as they are: ${joined(elsewhere.filter(old.isOnDomain).map(nameOf))}.`,
      ...served.leftOut,
      ...bound.leftOut,
      ...unseen,
    ]),
  };
}

const nothingBound = { targets: [], leftOut: [], areProductsLeft: false };

const allTheSame =
  "To change the products that are left all the same, give a target of tencent-ssl with old_certificate_id and resource_types.";

const nameOf = ({ domain }: ListedDomain) => formatName(domain);
const isCovered = (names: readonly string[], domain: string) => coversAll(names, [toAscii(domain)]);

/** Domains that the old certificate covers and whose edge serves it, as a copy with another id or a name of its own. */
async function servedElsewhere({ leaves }: OldCertificate, domains: readonly ListedDomain[], context: ToolContext) {
  const likely = domains.filter(({ domain }) => leaves.some(({ names }) => isCovered(names, domain)));
  const [wildcards, hosts] = partition(likely, ({ domain }) => domain.startsWith("*."));
  const isOld = (each: ServedCertificate) => leaves.some((leaf) => isSameLeaf(each, leaf));
  const looked = await mapConcurrent(hosts, CONCURRENT_CHECKS, async (listed) => {
    const tlsReport = await tlsReportOrReason(listed.domain, context);
    const isSeen = typeof tlsReport !== "string" && answeredIn(tlsReport).length > 0;
    return { listed, serves: isSeen ? certificatesServedIn(tlsReport).some(isOld) : undefined };
  });
  const unseen = looked.filter(({ serves }) => serves === undefined).map(({ listed }) => listed);
  const open = [...wildcards, ...unseen].map(nameOf);
  return {
    domains: looked.filter(({ serves }) => serves).map(({ listed }) => listed),
    leftOut: open.length > 0 ? [safe`Whether they serve the old certificate could not be seen: ${joined(open)}.`] : [],
  };
}

/**
 * What uses it at Tencent Cloud beside the hosts of EdgeOne, where those are listed: load balancers, CDN and so on. A
 * one-click update takes all resources of a product, so a product with a domain that would lose its certificate is left.
 */
async function boundElsewhere(
  { leaves }: OldCertificate,
  tencentIds: readonly string[],
  names: readonly string[],
  context: ToolContext,
) {
  const lost = leaves.flatMap((leaf) => uncovered(names, leaf.names));
  const losesIt = (domain: string) =>
    toAscii(domain) !== "" && !isCovered(names, domain) && leaves.some((leaf) => isCovered(leaf.names, domain));
  const targets: LocatedTarget[] = [];
  const leftOut: SafeText[] = [];
  let areProductsLeft = false;
  for (const id of tencentIds) {
    const besideHosts = await unlessFailed(typesBesideHosts(id, context), ({ details }) => {
      leftOut.push(safe`What else uses ${formatId(id)} could not be looked up: ${verbatim(details.happened)}`);
      return [];
    });
    const types = new Set(besideHosts);
    if (types.size > 0 && lost.length > 0) {
      const domains = await unlessFailed(boundDomainsOf(id, context), () => new Map<string, readonly string[]>());
      for (const [type, all] of domains) {
        const losing = types.has(type) ? uniqueNames(all.filter(losesIt)) : [];
        if (losing.length === 0) continue;
        types.delete(type);
        areProductsLeft = true;
        leftOut.push(
          safe`Every ${productBrand(type)} resource that uses ${formatId(id)} is left as it is: the new certificate does not cover ${joined(losing.map(formatName))}, and one update changes all of them.`,
        );
      }
    }
    if (types.size > 0) targets.push({ service: "tencent-ssl", old_certificate_id: id, resource_types: [...types] });
  }
  return { targets, leftOut, areProductsLeft };
}

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
  const everywhere = domains.filter(({ domain }) => isCovered(names, domain));
  const [covered, elsewhere] = partition(everywhere, ({ service }) => takes(service.id));
  const without = covered.filter(({ https }) => https === false);
  const [off, turnedOff] = partition(without, ({ changed }) => changed === undefined);
  const maybe = covered.filter(({ https }) => https === undefined);
  const seen = await withHttpsAtEdge(maybe, context);
  const unclear = maybe.filter((each) => !seen.has(each));
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
    leftOut: present([
      off.length > 0 && safe`Covered, but without HTTPS now, and left as they are: ${joined(off.map(nameOf))}.`,
      turnedOff.length > 0 &&
        safe`Covered, but HTTPS was turned off from here lately, which the cloud's list does not show yet; left as they are: ${joined(turnedOff.map(nameOf))}.`,
      unclear.length > 0 &&
        safe`Covered, but whether they have HTTPS could not be read, and no certificate for them was seen at their edge; left as they are unless named as targets: ${joined(unclear.map(nameOf))}.`,
      elsewhere.length > 0 &&
        safe`Covered, but in another cloud than the certificate's store, and left as they are: ${joined(elsewhere.map(nameOf))}.`,
      ...unseen.map(verbatim),
      ...absent,
      takes("tencent-ssl") && context.services.has(tencentSsl) && boundNotSearched,
    ]),
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
    return served.some(({ names }) => isCovered(names, each.domain)) ? [each] : [];
  });
  return new Set(found.flat());
}
