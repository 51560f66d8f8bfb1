import { z } from "zod";
import { limits } from "../../catalogue/limits.js";
import { list, struct, text } from "../../catalogue/params.js";
import { members } from "../../catalogue/results.js";
import { tencentSsl } from "../../catalogue/services.js";
import { batches, enumerated } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { ToolError } from "../../lib/tool-error.js";
import { defineTool, jobsService } from "../../pipeline/tool.js";
import { CONCURRENT_READS } from "../../tools/inventory/listing.js";
import { type Fitness, fitnesses, fitnessLookup, inForceAt } from "../../tools/inventory/takeover.js";
import type { FilePair } from "./file-pairs.js";
import type { PlaceInUse, StoredSuccessor } from "./inventory.js";
import type { RenewalDeps, ToLookInto } from "./renewal.js";

const params = struct({
  certificates: list(
    struct({
      id: text("Id at Tencent Cloud SSL"),
      ends: text("Of one in use: what clients do with it before this counts").optional(),
    }),
    "Those to look into",
  ),
});

/** What clients do with certificates, by id; those of which that could not be seen are absent. */
export const fitnessById = z.object({ fitness: z.record(z.enum(fitnesses)) });

/** Built like one of our own tools, but not offered to clients. */
export const readFitness = defineTool({
  name: "renewal_fitness",
  title: "Look into what may take over",
  service: jobsService,
  summary: "",
  effect: "read",
  params,
  result: members({}),
  run: async ({ certificates }, context) => {
    const lookUp = fitnessLookup(context);
    const uploaded = { service: tencentSsl, source: "uploaded", key: undefined, ends: undefined } as const;
    const found = await mapConcurrent(certificates, CONCURRENT_READS, async ({ id, ends }) => {
      const fitness = await lookUp({ ...uploaded, id }, inForceAt({ ends }, context.now()));
      return fitness === undefined ? [] : [[id, fitness] as const];
    });
    return { fitness: Object.fromEntries(found.flat()) };
  },
});

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

/** Looks into certificates, as many at once as a list of arguments takes. */
async function look(certificates: readonly ToLookInto[], { lookUpFitness, signal }: RenewalDeps) {
  const seen: Record<string, Fitness> = {};
  const unseen: string[] = [];
  for (const some of batches(certificates, limits.argument.items)) {
    if (signal.aborted) break;
    const unknown = (found: typeof seen, why: string) => {
      const ids = some.flatMap(({ id }) => (found[id] === undefined ? [id] : []));
      if (ids.length === 0) return;
      unseen.push(`What clients do with ${enumerated(ids)} at ${tencentSsl.title} could not be looked up${why}`);
    };
    try {
      const found = await lookUpFitness(some);
      Object.assign(seen, found);
      unknown(found, ".");
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      unknown({}, `: ${error.details.happened}`);
    }
  }
  return { seen, unseen };
}
