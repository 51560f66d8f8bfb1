import { asOutage, type Finding, warning } from "../catalogue/finding.js";
import { certificateLabel } from "../certificates/bundle.js";
import type { CertificateList, ParsedCertificate } from "../certificates/certificate.js";
import { buildChain, type Chain, isInOrder, isTrusted, reachesTrustedRoot } from "../certificates/chain.js";
import { onOneLine } from "../certificates/x509.js";
import { joined, quoted, type SafeText, safe } from "../lib/safe-text.js";
import type { Examined } from "./examined.js";

/** What is wrong with a chain, what to do about it, and whether clients refuse it for that. */
type Fault = readonly [says: SafeText, next?: string, refused?: boolean];

/** Whether clients can follow the bundle: leaf first, each certificate signed by the next, without the root. */
export function checkChain(examined: Examined): Finding[] {
  return faultsOf(examined).map(([says, next, refused = false]) =>
    asOutage(warning(examined.parameter, says, next), refused),
  );
}

/** Whether browsers trust the CA at its end. What the other check says of a chain that ends too early is not repeated. */
export function checkTrust({ certificates, leaf, parameter, roots }: Examined): Finding[] {
  const { path, forged } = buildChain(certificates);
  const members = path.flatMap((position) => certificates[position] ?? []);
  const end = members.at(-1);
  if (end === undefined || leaf.isCa || path.length === 1 || forged.length > 0) return [];
  if (members.some(usesSm2) || reachesTrustedRoot(certificates, roots)) return [];
  const says = end.selfIssued
    ? safe`${certificateLabel(path.at(-1) ?? 0)} is a root that browsers do not trust: every visitor gets a warning.`
    : safe`The chain ends at ${issuerOf(end)}, which is not a root that browsers trust: every visitor gets a warning.`;
  const next = `${end.selfIssued ? "" : "Put the intermediate that is missing after it, if there is one. "}What a private CA issued is trusted only by clients that were given its root; for all others, have it issued by a public CA.`;
  return [asOutage(warning(parameter, says, next))];
}

function faultsOf({ certificates, needed, roots }: Examined): readonly Fault[] {
  const servers = certificates.flatMap(({ isCa }, position) => (isCa ? [] : [position]));
  const [server = 0, second] = servers;
  if (server > 0) {
    const which = second === undefined ? safe`the only one that is not a CA's` : safe`the first one that is not a CA's`;
    const says = safe`The leaf is not first: certificate ${server + 1} is ${which}.`;
    return [[says, inOrder(pathFrom(certificates, server)), true]];
  }
  const chain = buildChain(certificates);
  return [
    ...brokenLinks(chain, needed),
    ...unrelated(chain, certificates),
    ...disorder(chain),
    ...chainEnd(chain, certificates, roots),
    ...unchecked(chain, certificates),
  ];
}

/** The path from a certificate other than the first, in positions of the whole bundle. */
function pathFrom(certificates: CertificateList, start: number): readonly number[] {
  const leaf = certificates[start] ?? certificates[0];
  const order = [start, ...certificates.flatMap((_, position) => (position === start ? [] : [position]))];
  const others = certificates.filter((_, position) => position !== start);
  return buildChain([leaf, ...others]).path.flatMap((position) => order[position] ?? []);
}

function inOrder(path: readonly number[]): string {
  return `Put the certificates into the order ${path.map((position) => position + 1).join(", ")}.`;
}

function brokenLinks({ path, forged }: Chain, needed: ReadonlySet<number>): Fault[] {
  return forged.map((position) => {
    const issuer = path[path.indexOf(position) + 1] ?? 0;
    return [
      safe`${certificateLabel(position)} names certificate ${issuer + 1} as its issuer, but was not signed by its key.`,
      "Get the intermediate from the CA that issued it: this one only has its name.",
      needed.has(issuer),
    ];
  });
}

function unrelated({ strangers: positions }: Chain, certificates: readonly ParsedCertificate[]): Fault[] {
  return positions.map((position) => {
    const certificate = certificates[position];
    const first = certificates.findIndex(({ x509 }) => certificate?.x509.raw.equals(x509.raw));
    const stranger = safe`${certificateLabel(position)} is not part of the leaf's chain`;
    const says =
      first < position
        ? safe`${stranger}: it repeats certificate ${first + 1}.`
        : certificate?.isCa === false
          ? safe`${stranger}: it is another server's certificate.`
          : safe`${stranger}.`;
    return [says, "Leave it out."];
  });
}

function disorder({ path }: Chain): Fault[] {
  if (isInOrder({ path })) return [];
  const order = joined(path.map((position) => safe`${position + 1}`));
  return [[safe`The chain is out of order: it should be ${order}.`, inOrder(path)]];
}

function chainEnd(
  { path, rootIncluded, complete }: Chain,
  certificates: CertificateList,
  roots: readonly string[],
): Fault[] {
  const last = path.at(-1) ?? 0;
  const end = certificates[last];
  if (end === undefined) return [];
  const reachesRoot = reachesTrustedRoot(certificates, roots);
  if (rootIncluded) {
    const name = certificateLabel(last);
    if (isTrusted(end.x509, roots)) return [[safe`${name} is the root, which clients already have: leave it out.`]];
    return reachesRoot || usesSm2(end) ? [[safe`${name} is the root, which need not be sent: leave it out.`]] : [];
  }
  if (end.selfIssued && !end.isCa && !reachesRoot) {
    const says = safe`The certificate is signed by its own key, so no client trusts it.`;
    return [[says, "Have a certificate issued by a CA that clients trust.", true]];
  }
  if (complete !== "no" || path.length > 1 || reachesRoot) return [];
  const [url] = end.caIssuers;
  const next = `Put the CA's intermediate after it in one file: cat site.crt ca-bundle.crt > fullchain.crt${url === undefined ? "" : ` (it is at ${url})`}.`;
  return [[safe`The intermediate certificate is missing: nothing here is from ${issuerOf(end)}.`, next, true]];
}

function issuerOf({ x509: { issuer } }: ParsedCertificate): SafeText {
  return issuer === "" ? safe`its issuer, which has no name` : safe`the issuer ${quoted(onOneLine(issuer))}`;
}

/** Nobody can say here who trusts such a chain: Node.js has no roots of the SM2 standard. */
const usesSm2 = ({ sm2, signature }: ParsedCertificate): boolean => sm2 || signature.sm2;

function unchecked({ unchecked: positions }: Chain, certificates: readonly ParsedCertificate[]): Fault[] {
  if (positions.length === 0) return [];
  return positions.flatMap((position) => certificates[position] ?? []).some(usesSm2)
    ? [[safe`The certificate is of the SM2 standard: signatures in its chain were not checked.`]]
    : [[safe`A key in the chain is of a kind or size that no public CA uses: signatures by it were not checked.`]];
}
