import { describe, expect, it } from "vitest";
import { postgresBin } from "../support/postgres.js";
import { befallen, faults } from "./faults.js";

/** After how many changes it begins: npm run database-faults. What passes quickly is in faults.e2e.test.ts. */
const { DATABASE_FAULTS_AFTER: moments } = process.env;

describe.skipIf(postgresBin === undefined || moments === undefined)("a database in trouble during a deployment", () => {
  it.each(Object.entries(faults))(
    "costs no more than a second call, sends nothing without a record, and nothing twice: %s",
    { timeout: 1_800_000 },
    async (_, fault) => {
      const faulty: string[] = [];
      for (const changes of (moments ?? "").split(",").map(Number)) faulty.push(...(await befallen(fault, changes)));
      expect(faulty).toEqual([]);
    },
  );
});
