import type { AddressLook, Look, ServedCertificate } from "../../edge/edge.js";
import { isPattern } from "../../edge/host-name.js";
import { certificateInWords, clientsInWords } from "../../edge/in-words.js";
import { servesOnly } from "../../edge/served.js";
import { Failure } from "../../failure.js";
import type { Beside } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";

/** What the edge shows of one domain. */
export interface Seen {
  /** "never": looking again would show no more. */
  readonly served: "everywhere" | "not yet" | "never";
  readonly says: string;
  /** Whether an address serves another certificate. */
  readonly another?: boolean;
}

/**
 * Whether each address of `domain` serves `expected`: SHA-256 in lower-case hexadecimal, or "none" for no HTTPS.
 * @param beside what some clients get as well, as is meant
 */
export async function seenAtEdge(
  domain: string,
  expected: string,
  { edge, signal }: Pick<OwnToolContext, "edge" | "signal">,
  beside: readonly Beside[] = [],
): Promise<Seen> {
  // Alibaba Cloud writes .example.com for all names below example.com.
  if (isPattern(domain)) {
    return { served: "never", says: `${domain} stands for many names and cannot be looked at by itself` };
  }
  try {
    return compared(without(beside, expected, await edge.look(domain, { signal })), expected);
  } catch (error) {
    if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
    return { served: "never", says: `${domain}: ${error.facts.happened}` };
  }
}

/** What is beside the expected one, for clients of another algorithm, says nothing of it; it may be renewed meanwhile. */
function without(beside: readonly Beside[], expected: string, look: Look): Look {
  const isBeside = ({ sha256, algorithm }: ServedCertificate) =>
    sha256 !== expected && beside.some((each) => each.sha256 === sha256 || each.algorithm === algorithm);
  const addresses = look.addresses.map((each) => ({
    ...each,
    certificates: each.certificates.filter((certificate) => !isBeside(certificate)),
  }));
  return { ...look, addresses };
}

/** What clients get there that is not what was expected. */
function insteadAt({ certificates }: AddressLook, expected: string): string {
  const others = certificates.filter(({ sha256 }) => sha256 !== expected);
  if (others.length === 0) return "no certificate";
  if (others.length === certificates.length) return "another certificate";
  const told = others.map((each) => `${certificateInWords(each)}${clientsInWords(each, certificates)}`);
  return `some clients get another certificate: ${told.join(" and ")}`;
}

function compared({ domain, addresses, problem }: Look, expected: string): Seen {
  if (addresses.length === 0) return { served: "not yet", says: `${domain}: ${problem ?? "no address to look at"}` };
  const asExpected = ({ address, certificates, unreached, unseen = [] }: AddressLook) =>
    expected === "none"
      ? certificates.length === 0 && unreached !== true
      : servesOnly({ address, certificates, unseen }, expected);
  const rest = addresses.filter((look) => !asExpected(look));
  const wanted = expected === "none" ? "no HTTPS" : "served";
  const count = `${domain}: ${wanted} at ${addresses.length - rest.length} of ${addresses.length} addresses`;
  const [first] = rest;
  if (first === undefined) return { served: "everywhere", says: count };
  const instead = first.problem ?? insteadAt(first, expected);
  const another = rest.some(({ certificates }) => certificates.some(({ sha256 }) => sha256 !== expected));
  return { served: "not yet", says: `${count}; ${first.address}: ${instead}`, another };
}
