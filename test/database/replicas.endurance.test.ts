import { expect, it } from "vitest";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { killMany } from "../tools/deployment/kills.js";
import { sharedBy } from "./shared.js";

/** 100 by `npm run replicas`. */
const KILLS = Number(process.env.REPLICA_KILLS ?? 3);

const postgres = usePostgres();

it.skipIf(postgresBin === undefined)(
  `servers that share a database go on where one of them was killed, at ${KILLS} random moments of a deployment`,
  { timeout: KILLS * 200_000 },
  async () => expect(await killMany(KILLS, Math.min(KILLS, 6), () => sharedBy(postgres()))).toEqual([]),
);
