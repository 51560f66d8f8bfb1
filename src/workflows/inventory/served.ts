import type { Look, ServedCertificate } from "../../edge/edge.js";
import { answeredIn, unreachedIn } from "../../edge/served.js";
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
  /** Addresses that could not be reached, which says nothing of what is served. */
  readonly not_reached?: readonly string[];
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

/** Addresses that serve the same certificate are told together. */
function servedOn(look: Look): ServedOn {
  const { domain, problem } = look;
  const [addresses, unreached] = [answeredIn(look), unreachedIn(look)];
  const all = addresses.flatMap(({ certificates }) => certificates);
  const different = [...new Map(all.map((certificate) => [certificate.sha256, certificate])).values()];
  const dark = addresses.flatMap((it) => (it.problem === undefined ? [] : [`${it.address}: ${it.problem}`]));
  const problems = [...(problem === undefined ? [] : [problem]), ...dark];
  return {
    domain,
    ...(different.length > 0 && {
      certificates: different.map((certificate) => ({
        addresses: addresses.filter((it) => it.certificates.some(({ sha256 }) => sha256 === certificate.sha256)).length,
        ...told(certificate),
        ...(addresses.some((it) => it.certificates.length > 1) && { clients: clientsOf(certificate.sha256, all) }),
      })),
    }),
    ...(problems.length > 0 && { problem: problems.join("; ") }),
    ...(unreached.length > 0 && { not_reached: unreached }),
  };
}

function clientsOf(sha256: string, all: readonly ServedCertificate[]): readonly string[] {
  return [...new Set(all.filter((each) => each.sha256 === sha256).flatMap(({ clients }) => clients))];
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
