import { describe, expect, it } from "vitest";
import { postgresBin } from "../support/postgres.js";
import { befallen, faults } from "./faults.js";

/** After how many changes it begins: 0, 3 and 7 with npm run database-faults. */
const moments = (process.env.DATABASE_FAULTS_AFTER ?? "3").split(",").map(Number);

const trials = Object.entries(faults).flatMap(([name, fault]) => moments.map((after) => ({ name, after, fault })));

// Most of the time is spent waiting for a database that does not answer.
describe.skipIf(postgresBin === undefined).concurrent("a database in trouble during a deployment", () => {
  it.each(trials)(
    "costs no more than a second call, sends nothing without a record, and nothing twice: $name after $after changes",
    async ({ fault, after }) => expect(await befallen(fault, after)).toEqual([]),
  );
});
