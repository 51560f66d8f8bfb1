import { onOneLine } from "../x509.js";
import { type Bundle, called } from "./bundle.js";
import type { Certificate } from "./certificate.js";
import { type Chain, chainOf, isInOrder } from "./chain.js";
import { type Finding, warning } from "./finding.js";

/** What is wrong with a chain, and what to do about it. */
type Fault = readonly [says: string, next?: string];

/** Whether the bundle is a chain that clients can follow: leaf first, each link signed by the next, without the root. */
export function checkChain({ certificates }: Bundle, parameter: string): Finding[] {
  return faultsOf(certificates).map(([says, next]) => warning(parameter, says, next));
}

function faultsOf(certificates: Bundle["certificates"]): readonly Fault[] {
  const servers = certificates.flatMap(({ isCa }, position) => (isCa ? [] : [position]));
  const [server = 0, second] = servers;
  if (server > 0) {
    const which = second === undefined ? "the only one that is not a CA's" : "the first one that is not a CA's";
    return [[`The leaf is not first: certificate ${server + 1} is ${which}.`, inOrder(pathFrom(certificates, server))]];
  }
  const chain = chainOf(certificates);
  return [
    ...brokenLinks(chain),
    ...strangers(chain, certificates),
    ...disorder(chain),
    ...ends(chain, certificates),
    ...unchecked(chain, certificates),
  ];
}

/** The path from a certificate that is not the first, in positions of the whole. */
function pathFrom(certificates: Bundle["certificates"], start: number): readonly number[] {
  const leaf = certificates[start] ?? certificates[0];
  const order = [start, ...certificates.flatMap((_, position) => (position === start ? [] : [position]))];
  const others = certificates.filter((_, position) => position !== start);
  return chainOf([leaf, ...others]).path.flatMap((position) => order[position] ?? []);
}

function inOrder(path: readonly number[]): string {
  return `Put the certificates into the order ${path.map((position) => position + 1).join(", ")}.`;
}

function brokenLinks({ path, forged }: Chain): Fault[] {
  return forged.map((position) => {
    const issuer = path[path.indexOf(position) + 1] ?? 0;
    return [
      `${called(position)} names certificate ${issuer + 1} as its issuer, but was not signed by its key.`,
      "Take the intermediate from the authority that issued it: this one has its name only.",
    ];
  });
}

function strangers({ strangers: positions }: Chain, certificates: readonly Certificate[]): Fault[] {
  return positions.map((position) => {
    const certificate = certificates[position];
    const first = certificates.findIndex(({ x509 }) => certificate?.x509.raw.equals(x509.raw));
    const more =
      first < position
        ? `: it is certificate ${first + 1} once more`
        : certificate?.isCa === false
          ? ": it is another server's certificate"
          : "";
    return [`${called(position)} is no part of the leaf's chain${more}.`, "Leave it out."];
  });
}

function disorder({ path }: Chain): Fault[] {
  if (isInOrder({ path })) return [];
  const order = path.map((position) => position + 1).join(", ");
  return [[`The chain is out of order: it should be ${order}.`, inOrder(path)]];
}

function ends({ path, rootIncluded, complete }: Chain, certificates: readonly Certificate[]): Fault[] {
  const last = path.at(-1) ?? 0;
  const end = certificates[last];
  if (end === undefined) return [];
  if (rootIncluded) return [[`${called(last)} is the root, which clients have already: leave it out.`]];
  if (end.selfIssued && !end.isCa) {
    const says = "The certificate is signed by its own key, so that no client trusts it.";
    return [[says, "Have a certificate issued by an authority that clients trust."]];
  }
  if (complete !== "no" || path.length > 1) return [];
  const issuer = end.x509.issuer === "" ? "its issuer, which has no name" : `the issuer ${onOneLine(end.x509.issuer)}`;
  const [url] = end.caIssuers;
  const next = `Put the authority's intermediate behind it in one file: cat site.crt ca-bundle.crt > fullchain.crt${url === undefined ? "" : ` (it is at ${url})`}.`;
  return [[`The intermediate certificate is missing: nothing here is from ${issuer}.`, next]];
}

function unchecked({ unchecked: positions }: Chain, certificates: readonly Certificate[]): Fault[] {
  if (positions.length === 0) return [];
  return positions.some((position) => certificates[position]?.sm2 || certificates[position]?.signature.sm2)
    ? [["The certificate is of the SM2 standard: signatures in its chain were not checked."]]
    : [["A key in the chain is of a kind or size that no public authority uses: signatures by it were not checked."]];
}
