import { randomBytes } from "node:crypto";
import { RowSigner } from "../../src/database/signing.js";
import { databaseState } from "../../src/database/state.js";
import { Journal } from "../../src/jobs/journal.js";
import type { Postgres } from "../support/postgres.js";
import type { Memory } from "../tools/deployment/kills.js";

/** A database for some servers, and how they are told of it. */
export interface Shared extends Memory {
  readonly url: string;
  /** Of the questions of its servers. */
  readonly signer: RowSigner;
  readonly state: ReturnType<typeof databaseState>;
}

/** @param address what the servers connect to, if not the database itself */
export async function sharedBy(
  postgres: Pick<Postgres, "freshUrl" | "query">,
  address: (url: string) => string = (url) => url,
): Promise<Shared> {
  const url = await postgres.freshUrl();
  const stateKey = randomBytes(32);
  const state = databaseState(
    { url, stateKeys: [stateKey] },
    "real",
    (json) => json,
    () => {},
  );
  await state.database.ready();
  return {
    url,
    signer: new RowSigner([stateKey], "questions"),
    state,
    flags: ["--database", "env:SHARED_DATABASE", "--state-key", "env:SHARED_KEY"],
    env: { SHARED_DATABASE: address(url), SHARED_KEY: stateKey.toString("base64") },
    audit: state.auditSource,
    journal: new Journal(state.jobsIn(""), () => new Date()),
    countJobs: async () => (await postgres.query("SELECT 1 FROM cloudcert.job", url)).length,
    close: () => state.close(),
  };
}
