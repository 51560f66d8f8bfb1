import { tencentSsl } from "../../catalogue/services.js";
import { enumerated } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { CONCURRENT_READS } from "../../tools/inventory/listing.js";
import { type Fitness, fitnessLookup, inForceAt } from "../../tools/inventory/takeover.js";
import type { FilePair } from "./file-pairs.js";
import type { PlaceInUse, StoredSuccessor } from "./inventory.js";
import type { RenewalDeps, ToLookInto } from "./renewal.js";

/** What clients do with certificates, by id; those of which that could not be seen are absent. */
export async function fitnessOf(
  certificates: readonly ToLookInto[],
  context: Pick<ToolContext, "read" | "tlsCheck" | "now">,
): Promise<Readonly<Record<string, Fitness>>> {
  const lookUp = fitnessLookup(context, Number.POSITIVE_INFINITY);
  const uploaded = { service: tencentSsl, source: "uploaded", key: undefined, ends: undefined } as const;
  const found = await mapConcurrent(certificates, CONCURRENT_READS, async ({ id, ends }) => {
    const fitness = await lookUp({ ...uploaded, id }, inForceAt({ ends }, context.now()));
    return fitness === undefined ? [] : [[id, fitness] as const];
  });
  return Object.fromEntries(found.flat());
}

/** What is due, and what may take over there. */
interface Looked {
  readonly due: readonly PlaceInUse[];
  readonly pairs: readonly FilePair[];
  readonly stored: readonly StoredSuccessor[];
}

/** The same with what the lists of the stores do not show of what clients do with a certificate; `unseen` has sentences. */
export async function withFitness(
  { due, pairs, stored }: Looked,
  deps: RenewalDeps,
): Promise<Pick<Looked, "due" | "stored"> & { readonly unseen: readonly string[] }> {
  const open = stored.filter(({ service, fitness }) => service === tencentSsl.id && fitness !== "fit");
  const next = await look(
    open.map(({ id }) => ({ id })),
    deps,
  );
  const known = stored.map((each) =>
    open.includes(each) ? { ...each, fitness: next.seen[each.id] ?? each.fitness } : each,
  );
  // What clients do with the old one decides only what becomes of what they would refuse.
  const isOpen = [...pairs, ...known].some(({ fitness }) => fitness === "refused");
  if (!isOpen) return { due, stored: known, unseen: next.unseen };
  const held = new Map(
    due.flatMap(({ held: { id, ends, fitness } }) =>
      id && fitness === undefined ? [[id, { id, ends }] as const] : [],
    ),
  );
  const old = await look([...held.values()], deps);
  const inUse = ({ held: own, ...place }: PlaceInUse): PlaceInUse => {
    return { ...place, held: { ...own, fitness: own.fitness ?? (own.id ? old.seen[own.id] : undefined) } };
  };
  return { due: due.map(inUse), stored: known, unseen: [...next.unseen, ...old.unseen] };
}

async function look(certificates: readonly ToLookInto[], { lookUpFitness }: RenewalDeps) {
  const answer = (seen: Readonly<Record<string, Fitness>>, why: string) => {
    const ids = certificates.flatMap(({ id }) => (seen[id] === undefined ? [id] : []));
    const sentence = `What clients do with ${enumerated(ids)} at ${tencentSsl.title} could not be looked up${why}`;
    return { seen, unseen: ids.length === 0 ? [] : [sentence] };
  };
  try {
    return answer(await lookUpFitness(certificates), ".");
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return answer({}, `: ${error.details.happened}`);
  }
}
