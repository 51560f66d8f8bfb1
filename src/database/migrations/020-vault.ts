import type { Migration } from "./migration.js";

/** Secrets of persons, sealed with a key that is not here; `key` says which. */
export const vaultTables: Migration = {
  number: 20,
  name: "vault",
  sql: `
    CREATE TABLE cloudcert.vault_entry (
      reference text PRIMARY KEY,
      realm text NOT NULL,
      account text NOT NULL,
      person text NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      expires_at timestamptz NOT NULL,
      key text NOT NULL,
      nonce bytea NOT NULL,
      sealed bytea NOT NULL
    );
    CREATE INDEX ON cloudcert.vault_entry (expires_at);
  `,
};
