import { z } from "zod";
import { list, struct, text } from "../../catalogue/params.js";
import { members } from "../../catalogue/results.js";
import { tencentSsl } from "../../catalogue/services.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { defineTool, jobsService } from "../../pipeline/tool.js";
import { CONCURRENT_READS } from "../../tools/inventory/listing.js";
import { fitnesses, fitnessLookup } from "../../tools/inventory/takeover.js";

const params = struct({ ids: list(text("Certificate at Tencent Cloud SSL"), "Those to look into") });

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
  run: async ({ ids }, context) => {
    const lookUp = fitnessLookup(context);
    const uploaded = { service: tencentSsl, source: "uploaded", key: undefined, ends: undefined } as const;
    const found = await mapConcurrent(ids, CONCURRENT_READS, (id) => lookUp({ ...uploaded, id }, context.now()));
    return { fitness: Object.fromEntries(ids.flatMap((id, index) => (found[index] ? [[id, found[index]]] : []))) };
  },
});
