import type { Subject } from "../catalogue/operation.js";
import { chainInWords, servedInWords } from "../edge/in-words.js";
import { Failure } from "../failure.js";
import { ownWords } from "../visible.js";
import { bare, byAspect, type Reading } from "./present-reading.js";
import type { Source } from "./present-source.js";
import { couldNotBeRead, notVisible } from "./present-words.js";

type Domain = Extract<Subject, { readonly kind: "served-domain" }>;

/** What visitors of a domain get now: the one thing that can be known where no operation tells it. */
export async function readServed({ name, domain }: Domain, { options }: Source): Promise<Reading> {
  const { edge, signal } = options;
  if (edge === undefined) return bare(name, notVisible);
  try {
    const look = await edge.look(domain, { signal });
    const unread = look.addresses.length === 0 && couldNotBeRead(ownWords(look.problem ?? "no address"));
    const now = { HTTPS: unread || servedInWords(look), chain: unread || chainInWords(look) };
    return { object: name, now: byAspect(now), facts: [], certificates: [] };
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure)) throw error;
    return bare(name, notVisible);
  }
}
