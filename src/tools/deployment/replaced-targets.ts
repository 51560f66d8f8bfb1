import { tencentSsl } from "../../catalogue/services.js";
import { readBundle } from "../../certificates/bundle.js";
import { toAscii, uncovered } from "../../certificates/domain-names.js";
import { joined, nameInWords, ownWords, type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { answeredIn, hexOf, isLeafOf, lookOrWhyNot } from "../../tls-check/served.js";
import { boundResourcesOf } from "../binding-tasks.js";
import { readDetail } from "../certificate-detail.js";
import { type ListedDomain, listDomains } from "../inventory/domains.js";
import { unusable } from "../read-with-retry.js";
import { type FoundTarget, findTargets, notSeenInWords, targetAt } from "./find-targets.js";

/** A certificate that is to be replaced wherever it is. */
interface OldCertificate {
  /** As a cloud lists it. */
  readonly idOrName: string;
  /** Of its leaf; absent if Tencent Cloud does not store it. */
  readonly sha256?: string;
  readonly names: readonly string[];
}

/**
 * Every place that has the old certificate now: domains whose cloud lists it, domains whose edge serves it under
 * another id, and what else uses it at Tencent Cloud.
 * @param names of the new certificate; domains that it does not cover are left as they are
 * @throws {ToolError} of kind input if there is none
 */
export async function replacedTargets(
  idOrName: string,
  names: readonly string[],
  context: ToolContext,
): Promise<{ readonly targets: readonly FoundTarget[]; readonly leftOut: readonly SafeText[] }> {
  const old = await readOld(idOrName, context);
  // What an earlier job changed, and the list does not show yet, is left to the plan, which knows.
  const { domains, unseen } = await listDomains(context);
  const on = domains.filter(({ https }) => https);
  const [listed, others] = split(on, (each) =>
    each.certificates.some(({ id, name }) => id === idOrName || name === idOrName),
  );
  const served = await servedElsewhere(old, others, context);
  const bound = await boundElsewhere(old, context);
  const [covered, bare] = split([...listed, ...served.domains], ({ domain }) => isCovered(names, domain));
  const targets = [...covered.map((each) => targetAt(each, {})), ...bound.targets];
  if (targets.length === 0) {
    throw unusable(
      `No domain that the clouds list and the new certificate covers has ${idOrName} now.${notSeenInWords(unseen)}`,
      "See find_certificates (certificate_id) for what has it, or name the targets.",
    );
  }
  return {
    targets: await findTargets(targets, context),
    leftOut: [
      ...(bare.length > 0
        ? [safe`They have the old certificate, but the new one does not cover them: ${joined(bare.map(nameOf))}.`]
        : []),
      ...served.leftOut,
      ...bound.leftOut,
      ...unseen.map(ownWords),
    ],
  };
}

const nameOf = ({ domain }: ListedDomain) => nameInWords(domain);
const isCovered = (names: readonly string[], domain: string) => uncovered(names, [toAscii(domain)]).length === 0;

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** What Tencent Cloud knows about it; a name, or an id of another cloud, is unknown there. */
async function readOld(idOrName: string, context: ToolContext): Promise<OldCertificate> {
  const unknown = { idOrName, names: [] };
  if (!context.services.has(tencentSsl)) return unknown;
  try {
    const { CertificatePublicKey: pem } = await readDetail(idOrName, context);
    const leaf = pem ? readBundle(pem)?.leaf : undefined;
    return leaf === undefined ? unknown : { idOrName, sha256: hexOf(leaf.x509.fingerprint256), names: leaf.names };
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.code === undefined) throw error;
    return unknown;
  }
}

const LOOKS_AT_ONCE = 8;

/** Domains that the old certificate covers and whose edge serves it, as a copy with another id or a name of its own. */
async function servedElsewhere(
  { sha256, names }: OldCertificate,
  domains: readonly ListedDomain[],
  context: ToolContext,
) {
  if (sha256 === undefined) return { domains: [], leftOut: [] };
  const likely = domains.filter(({ domain }) => isCovered(names, domain));
  const [wildcards, hosts] = split(likely, ({ domain }) => domain.startsWith("*."));
  const looks = await mapConcurrent(hosts, LOOKS_AT_ONCE, ({ domain }) => lookOrWhyNot(domain, context));
  const serves = (look: (typeof looks)[number] | undefined) =>
    look !== undefined &&
    typeof look !== "string" &&
    answeredIn(look).some(({ certificates }) => certificates.some((each) => isLeafOf(each, { sha256 })));
  const unseen = hosts.filter((_, index) => {
    const look = looks[index];
    return look === undefined || typeof look === "string" || answeredIn(look).length === 0;
  });
  const open = [...wildcards, ...unseen].map(nameOf);
  return {
    domains: hosts.filter((_, index) => serves(looks[index])),
    leftOut: open.length > 0 ? [safe`Whether they serve the old certificate could not be seen: ${joined(open)}.`] : [],
  };
}

/** What uses it at Tencent Cloud beside the hosts of EdgeOne: load balancers, CDN and so on. */
async function boundElsewhere({ idOrName, sha256 }: OldCertificate, context: ToolContext) {
  if (sha256 === undefined) return { targets: [], leftOut: [] };
  try {
    const types = new Set((await boundResourcesOf(idOrName, context)).map(({ type }) => type));
    types.delete("teo");
    const target: FoundTarget = {
      service: "tencent-ssl",
      old_certificate_id: idOrName,
      resource_types: [...types],
    };
    return { targets: types.size > 0 ? [target] : [], leftOut: [] };
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    const why = ownWords(error.details.happened);
    return { targets: [], leftOut: [safe`What else uses ${termInWords(idOrName)} could not be looked up: ${why}`] };
  }
}
