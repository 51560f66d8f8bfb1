import { describe, expect, it } from "vitest";
import { postgresBin } from "../support/postgres.js";
import { befallen, faults } from "./faults.js";

describe.skipIf(postgresBin === undefined)("a database in trouble during a deployment", () => {
  it.each(Object.entries(faults))(
    "costs no more than a second call, sends nothing without a record, and nothing twice: %s",
    { timeout: 1_800_000 },
    async (_, fault) => {
      const faulty: string[] = [];
      for (const changes of [0, 3, 7]) faulty.push(...(await befallen(fault, changes)));
      expect(faulty).toEqual([]);
    },
  );
});
