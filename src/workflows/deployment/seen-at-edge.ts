import type { AddressLook, Look } from "../../edge/edge.js";
import { isPattern } from "../../edge/host-name.js";
import { certificateInWords, clientsInWords } from "../../edge/in-words.js";
import { answeredIn, noHttps, servedAs, servesOnly, unreachedIn } from "../../edge/served.js";
import { Failure } from "../../failure.js";
import type { OwnToolContext } from "../../own-tool.js";

/** What the edge shows of one domain. */
export interface Seen {
  /** "never": looking again would show no more. */
  readonly served: "everywhere" | "not yet" | "never";
  readonly says: string;
  /** Whether an address serves another certificate. */
  readonly another?: boolean;
}

/** Whether each address of `domain` serves `expected`: SHA-256 in lower-case hexadecimal, or "none" for no HTTPS. */
export async function seenAtEdge(
  domain: string,
  expected: string,
  { edge, signal }: Pick<OwnToolContext, "edge" | "signal">,
): Promise<Seen> {
  // Alibaba Cloud writes .example.com for all names below example.com.
  if (isPattern(domain)) {
    return { served: "never", says: `${domain} stands for many names and cannot be looked at by itself` };
  }
  try {
    return compared(await edge.look(domain, { signal }), expected);
  } catch (error) {
    if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
    return { served: "never", says: `${domain}: ${error.facts.happened}` };
  }
}

/** What clients get there that is not what was expected. */
function insteadAt({ certificates }: AddressLook, expected: string): string {
  const others = certificates.filter(({ sha256 }) => sha256 !== expected);
  if (others.length === 0) return "no certificate";
  if (others.length === certificates.length) return "another certificate";
  const told = others.map((each) => `${certificateInWords(each)}${clientsInWords(each, certificates)}`);
  return `some clients get another certificate: ${told.join(" and ")}`;
}

/** By the rule that every tool goes by; addresses that could not be reached are named, and stand in nobody's way. */
function compared(look: Look, expected: string): Seen {
  const { domain, addresses, problem } = look;
  if (addresses.length === 0) return { served: "not yet", says: `${domain}: ${problem ?? "no address to look at"}` };
  const [answered, unreached] = [answeredIn(look), unreachedIn(look)];
  const beside = unreached.length === 0 ? "" : `; could not be reached: ${unreached.join(" ")}`;
  const rest = answered.filter((each) => !servesOnly(each, expected));
  const wanted = expected === noHttps ? "no HTTPS" : "served";
  const count = `${domain}: ${wanted} at ${answered.length - rest.length} of ${answered.length} addresses`;
  if (servedAs(look, expected) === "serving") return { served: "everywhere", says: `${count}${beside}` };
  const [first] = rest;
  const instead = first === undefined ? "" : `; ${first.address}: ${first.problem ?? insteadAt(first, expected)}`;
  const another = rest.some(({ certificates }) => certificates.some(({ sha256 }) => sha256 !== expected));
  return { served: "not yet", says: `${count}${instead}${beside}`, another };
}
