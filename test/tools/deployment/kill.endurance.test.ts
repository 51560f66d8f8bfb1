import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { auditFiles } from "../../../src/audit/read-log.js";
import { killMany, type OpenMemory } from "./kills.js";

/** A process that is killed at any moment of a deployment must not cost more than a second call. */

const KILLS = 50;
const AT_ONCE = 8;

const inFiles: OpenMemory = async (company) => {
  const folder = join(company.home, ".local", "state", "cloudcert-mcp");
  return {
    flags: [],
    env: {},
    audit: auditFiles(join(folder, "audit.jsonl")),
    journal: company.journal,
    countJobs: async () => readdirSync(join(folder, "jobs")).filter((name) => name.endsWith(".json")).length,
    close: async () => {},
  };
};

it(`after each of ${KILLS} kills, the second call ends with everything served and nothing done twice`, async () => {
  expect(await killMany(KILLS, AT_ONCE, inFiles)).toEqual([]);
});
