import { z } from "zod";
import { list, struct, text } from "../../catalogue/params.js";
import { members } from "../../catalogue/results.js";
import { tencentSsl } from "../../catalogue/services.js";
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

/** The same with what the lists of the stores do not show of what clients do with a certificate. */
export async function withFitness(
  { due, pairs, stored }: Looked,
  deps: RenewalDeps,
): Promise<Pick<Looked, "due" | "stored">> {
  const open = stored.filter(({ service, fitness }) => service === tencentSsl.id && fitness !== "fit");
  const seen = await look(
    open.map(({ id }) => ({ id })),
    deps,
  );
  const next = stored.map((each) => (open.includes(each) ? { ...each, fitness: seen[each.id] ?? each.fitness } : each));
  // What clients do with the old one decides only what becomes of what they would refuse.
  const isOpen = [...pairs, ...next].some(({ fitness }) => fitness === "refused");
  if (!isOpen) return { due, stored: next };
  const held = new Map(
    due.flatMap(({ held: { id, ends, fitness } }) =>
      id && fitness === undefined ? [[id, { id, ends }] as const] : [],
    ),
  );
  const old = await look([...held.values()], deps);
  const known = ({ held: own, ...place }: PlaceInUse): PlaceInUse => {
    return { ...place, held: { ...own, fitness: own.fitness ?? (own.id ? old[own.id] : undefined) } };
  };
  return { due: due.map(known), stored: next };
}

async function look(
  certificates: readonly ToLookInto[],
  { lookUpFitness, signal }: RenewalDeps,
): Promise<Readonly<Record<string, Fitness>>> {
  if (certificates.length === 0 || signal.aborted) return {};
  return lookUpFitness(certificates).catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error;
    return {};
  });
}
