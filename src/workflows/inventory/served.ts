import type { Look, ServedCertificate } from "../../edge/edge.js";
import { Failure } from "../../failure.js";
import type { OwnToolContext } from "../../own-tool.js";

/** What is served at the edge of a domain, as it was seen just now. */
export interface ServedOn {
  readonly domain: string;
  readonly certificates?: readonly {
    readonly addresses: number;
    readonly names: readonly string[];
    readonly issuer: string;
    readonly algorithm: string;
    /** Those that get it, where others get another one. */
    readonly clients?: readonly string[];
    readonly ends: string;
    readonly days_left: number;
    readonly sha256: string;
    readonly distrust?: string;
  }[];
  /** Why there is nothing to tell, or not of each address. */
  readonly problem?: string;
}

/** Looks at each domain. What may not be looked at is said so in its place. */
export function lookAtServed(domains: readonly string[], { edge, signal }: OwnToolContext): Promise<ServedOn[]> {
  return Promise.all(
    [...new Set(domains)].map(async (domain) => {
      try {
        return servedOn(await edge.look(domain, { signal }));
      } catch (error) {
        if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
        return { domain, problem: error.facts.happened };
      }
    }),
  );
}

/** The same leaf with its intermediate and without it is not the same to clients. */
const keyOf = ({ sha256, distrust = "" }: ServedCertificate) => `${sha256} ${distrust}`;

/** Addresses that serve the same certificate are told together. */
function servedOn({ domain, addresses, problem }: Look): ServedOn {
  const all = addresses.flatMap(({ certificates }) => certificates);
  const different = [...new Map(all.map((certificate) => [keyOf(certificate), certificate])).values()];
  const dark = addresses.flatMap((it) => (it.problem === undefined ? [] : [`${it.address}: ${it.problem}`]));
  const problems = [...(problem === undefined ? [] : [problem]), ...dark];
  return {
    domain,
    ...(different.length > 0 && {
      certificates: different.map((certificate) => ({
        addresses: addresses.filter((it) => it.certificates.some((each) => keyOf(each) === keyOf(certificate))).length,
        ...told(certificate),
        ...(addresses.some((it) => it.certificates.length > 1) && { clients: clientsOf(certificate, all) }),
      })),
    }),
    ...(problems.length > 0 && { problem: problems.join("; ") }),
  };
}

function clientsOf(certificate: ServedCertificate, all: readonly ServedCertificate[]): readonly string[] {
  const same = all.filter((each) => keyOf(each) === keyOf(certificate));
  return [...new Set(same.flatMap(({ clients }) => clients))];
}

const namesAtMost = 5;

function told({ names, issuer, algorithm, notAfter, daysLeft, sha256, distrust }: ServedCertificate) {
  return {
    names: names.slice(0, namesAtMost),
    issuer,
    algorithm,
    ends: notAfter,
    days_left: daysLeft,
    sha256,
    ...(distrust !== undefined && { distrust }),
  };
}
