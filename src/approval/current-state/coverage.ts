import type { PlannedChange, Warning } from "../../catalogue/operation.js";
import { type BoundResource, describeResource, productBrand } from "../../catalogue/tencent-ssl/bound-resources.js";
import { caution, loss, outage } from "../../catalogue/warnings.js";
import { readBundle } from "../../certificates/bundle.js";
import { coversAll, toAscii, uncovered } from "../../certificates/domain-names.js";
import { groupedBy } from "../../lib/lists.js";
import { andMore, formatName, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { namesOfStored } from "./certificate.js";
import type { Reading } from "./reading.js";
import type { StateReader } from "./state-reader.js";

/** Resources that get another certificate than the one that they have. */
interface Exchange {
  /** Names of the certificate that they have; undefined if unknown. */
  readonly old: readonly string[] | undefined;
  /** Names of the certificate that they get. */
  readonly next: readonly string[];
  readonly resources: readonly BoundResource[];
  /** What also gets it, and could not be named. */
  readonly unnamed: readonly SafeText[];
}

/** Domains that a warning names; its beginning is all that the head of a question shows. */
const MAX_DOMAINS_NAMED = 5;
/** Resources that a warning names for each domain, and those whose domains are not known. */
const MAX_RESOURCES_NAMED = 2;

/** Warnings about what a change serves on resources whose domains the new certificate does not cover. */
export async function coverageWarnings(
  change: PlannedChange,
  reading: Reading,
  source: StateReader,
): Promise<readonly Warning[]> {
  const exchange = await exchangeIn(change, reading, source);
  return exchange === undefined ? [] : warningsAbout(exchange);
}

async function exchangeIn(
  { subject, each, items, brings }: PlannedChange,
  { use, replacement }: Reading,
  source: StateReader,
): Promise<Exchange | undefined> {
  if (items !== undefined) {
    if (replacement === undefined) return undefined;
    const { from, to } = replacement;
    const [had, gets, outcome] = items === "put back" ? [to, from, "replaced"] : [from, to, "failed"];
    const next = await namesOfStored(gets, source);
    const resources = replacement.items.filter((item) => item.outcome === outcome);
    return next && { old: await namesOfStored(had, source), next, resources, unnamed: [] };
  }
  if (each === undefined || subject.kind !== "certificate") return undefined;
  const next = each.names ?? (await namesBrought(brings, source));
  if (next === undefined) return undefined;
  const { isMeant = () => true } = each;
  const { resources = [], total = 0 } = use ?? {};
  const rest = total - resources.length;
  const unnamed =
    use === undefined
      ? [safe`what uses it could not be looked up`]
      : rest > 0
        ? [safe`${rest} resources that could not be named`]
        : [];
  return { old: await namesOfStored(subject.id, source), next, resources: resources.filter(isMeant), unnamed };
}

/** Names of the certificate that a change brings; undefined if it brings none, or its names could not be read. */
async function namesBrought(brings: PlannedChange["brings"], source: StateReader) {
  if (brings === undefined) return undefined;
  if ("pem" in brings) return readBundle(brings.pem)?.leaf.names;
  const [only, ...more] = brings.ids;
  return only === undefined || more.length > 0 ? undefined : namesOfStored(only, source);
}

function warningsAbout({ old, next, resources, unnamed }: Exchange): Warning[] {
  const places = resources.flatMap((resource) => resource.domains.map((domain) => ({ resource, domain })));
  const bare = places.filter(({ domain }) => isName(domain) && uncovered(next, [domain]).length > 0);
  const isAsNow = ({ domain }: (typeof places)[number]) => old !== undefined && !coversAll(old, [domain]);
  const [lostAt, bareNow] = [bare.filter((each) => !isAsNow(each)), bare.filter(isAsNow)];
  const lost = uncovered(next, old ?? []);
  // A pattern of a balancer, or a listener without domains, may stand for any of the names.
  const open = [
    ...resources.filter(({ domains }) => !domains.some(isName) || !domains.every(isName)).map(describeResource),
    ...unnamed,
  ];
  return [
    ...(lostAt.length > 0
      ? [
          outage(
            safe`The certificate does not cover ${listed(lostAt)}, where it will be served: visitors are warned of it.`,
          ),
        ]
      : []),
    ...(lost.length > 0 && open.length > 0
      ? [
          loss(
            safe`The certificate does not cover ${named(lost)}, which the one before does; whether visitors need that was not seen of: ${andMore(open, MAX_RESOURCES_NAMED, (each) => each)}.`,
          ),
        ]
      : []),
    ...(bareNow.length > 0
      ? [caution(safe`Neither this certificate nor the one before covers ${listed(bareNow)}.`)]
      : []),
  ];
}

const isName = (domain: string) => toAscii(domain) !== "";

const named = (names: readonly string[]) => andMore(names, MAX_DOMAINS_NAMED, formatName);

/** "www.example.com (CLB lb-1/lbl-2), static.example.com (CDN)" */
function listed(places: readonly { readonly resource: BoundResource; readonly domain: string }[]): SafeText {
  const byDomain = [...groupedBy(places, ({ domain }) => toAscii(domain))];
  return andMore(byDomain, MAX_DOMAINS_NAMED, ([domain, all]) => {
    const at = new Map(all.map(({ resource }) => placeOf(resource)).map((place) => [String(place), place]));
    return safe`${formatName(domain)} (${andMore([...at.values()], MAX_RESOURCES_NAMED, (each) => each)})`;
  });
}

/** "CLB lb-1"; a product whose resources are domains is named alone. */
function placeOf({ type, path: [outermost] }: BoundResource): SafeText {
  return outermost === undefined ? productBrand(type) : joined([productBrand(type), formatName(outermost)], safe` `);
}
