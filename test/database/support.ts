import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfiguration } from "../../src/config/command-line.js";
import { openState, type ProgramState } from "../../src/setup/state.js";
import type { JudgedCall } from "../../src/standing-approvals/facts.js";
import { StandingApprovals } from "../../src/standing-approvals/store.js";
import type { StandingTerms } from "../../src/standing-approvals/terms.js";
import { postgresBin, type SharedPostgres } from "../support/postgres.js";

/** What is remembered by some servers together, empty at first. */
export interface StatePlace {
  /** As one more server has it; closed with the place. */
  open(redact?: (json: string) => string): Promise<ProgramState>;
  /** The folder of the journal, where it is one. */
  readonly folder: string;
  /** The address of the database, where it is one. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** Both implementations; a suite that passes with one must pass with the other. */
export const kinds = postgresBin === undefined ? (["files"] as const) : (["files", "PostgreSQL"] as const);

export async function placeIn(kind: (typeof kinds)[number], postgres: () => SharedPostgres): Promise<StatePlace> {
  const folder = mkdtempSync(join(tmpdir(), "cc-state-"));
  const url = kind === "files" ? undefined : await postgres().freshUrl();
  const stateKey = randomBytes(32);
  const database = url === undefined ? undefined : { url, stateKeys: [stateKey] as const, secrets: [] };
  const opened: ProgramState[] = [];
  return {
    folder: join(folder, "jobs"),
    url,
    open: async (redact = (json) => json) => {
      const redactor = { redact, addSecrets: () => () => {} };
      const configuration = readConfiguration(["--audit-log", join(folder, "audit.jsonl")], {});
      const now = () => new Date();
      const state = await openState({ configuration, database, redactor, now, log: () => {} });
      opened.push(state);
      return state;
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.close()));
    },
  };
}

export function standingApprovalsOf({ termsOf, auditSource, audit }: ProgramState, now = () => new Date()) {
  return new StandingApprovals({ terms: termsOf(), log: auditSource, append: (entry) => audit.append(entry), now });
}

/** Free certificates for example.com, so often in all and on any day. */
export const termsFor = (uses: number, id = "sa-0123abcd"): StandingTerms => ({
  id,
  domains: ["example.com"],
  services: ["tencent-ssl"],
  accounts: ["AKID1"],
  endpoints: [{ service: "tencent-ssl", endpoint: "ssl.tencentcloudapi.com" }],
  from_store: true,
  least_gain_days: 1,
  uses_a_day: uses,
  uses,
  first_day: "2020-01-01",
  last_day: "2099-12-31",
  time_zone: "UTC",
  grants: ["apply_free_certificate"],
});

/** A call inside these terms. */
export const application: JudgedCall = {
  operations: ["ApplyCertificate"],
  accounts: ["AKID1"],
  endpoints: [{ service: "tencent-ssl", endpoint: "ssl.tencentcloudapi.com" }],
  losses: [],
  facts: { kind: "application", domains: ["example.com"], besides: [] },
};
