import { expect, it } from "vitest";
import { postgresBin } from "../support/postgres.js";
import { befallen, faults } from "./faults.js";

/** The two that pass quickly; faults.endurance.test.ts has all. */
it.skipIf(postgresBin === undefined).each(["full", "restarted"])(
  "a database that is %s during a deployment costs no more than a second call: nothing is sent without a record, or twice",
  async (name) => {
    const fault = faults[name];
    if (fault === undefined) throw new Error(`no fault ${name}`);
    expect(await befallen(fault, 3)).toEqual([]);
  },
);
