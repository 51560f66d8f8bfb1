import { type Bundle, called } from "./bundle.js";
import type { Certificate } from "./certificate.js";
import { type Chain, chainOf, isInOrder } from "./chain.js";
import { onOneLine } from "./distinguished-name.js";
import { type Finding, warning } from "./finding.js";

/** Whether the bundle is a chain that clients can follow: leaf first, each link signed by the next, without the root. */
export function checkChain({ certificates }: Bundle, parameter: string): Finding[] {
  const server = certificates.findIndex(({ isCa }) => !isCa);
  if (server > 0) {
    return [warning(parameter, `The leaf is not first: certificate ${server + 1} is the only one that is not a CA's.`)];
  }
  const chain = chainOf(certificates);
  const says = [
    ...brokenLinks(chain),
    ...strangers(chain),
    ...disorder(chain),
    ...ends(chain, certificates),
    ...unchecked(chain, certificates),
  ];
  return says.map((sentence) => warning(parameter, sentence));
}

function brokenLinks({ path, forged }: Chain): string[] {
  return forged.map((position) => {
    const issuer = path[path.indexOf(position) + 1] ?? 0;
    return `${called(position)} names certificate ${issuer + 1} as its issuer, but was not signed by its key.`;
  });
}

function strangers({ strangers: positions }: Chain): string[] {
  return positions.map((position) => `${called(position)} is no part of the leaf's chain.`);
}

function disorder({ path }: Chain): string[] {
  if (isInOrder({ path })) return [];
  return [`The chain is out of order: it should be ${path.map((position) => position + 1).join(", ")}.`];
}

function ends({ path, rootIncluded, complete }: Chain, certificates: readonly Certificate[]): string[] {
  const last = path.at(-1) ?? 0;
  const end = certificates[last];
  if (end === undefined) return [];
  if (rootIncluded) return [`${called(last)} is the root, which clients have already: leave it out.`];
  if (end.selfIssued && !end.isCa) return ["The certificate is signed by its own key, so that no client trusts it."];
  if (complete !== "no" || path.length > 1) return [];
  return [`The intermediate certificate is missing: nothing here is from the issuer ${onOneLine(end.x509.issuer)}.`];
}

function unchecked({ unchecked: positions }: Chain, certificates: readonly Certificate[]): string[] {
  if (positions.length === 0) return [];
  return positions.some((position) => certificates[position]?.sm2 || certificates[position]?.signature.sm2)
    ? ["The certificate is of the SM2 standard: signatures in its chain were not checked."]
    : ["A key in the chain is of a kind or size that no public authority uses: signatures by it were not checked."];
}
