import type { Migration } from "./migration.js";

/** The audit log: a row for each line, with its exact bytes, and one row that says how each chain ends. */
export const auditTables: Migration = {
  number: 1,
  name: "audit",
  sql: `
    CREATE TABLE cloudcert.audit_head (
      chain text PRIMARY KEY,
      seq bigint NOT NULL,
      hash text NOT NULL
    );
    CREATE TABLE cloudcert.audit_line (
      chain text NOT NULL,
      seq bigint NOT NULL,
      hash text NOT NULL,
      line bytea NOT NULL,
      PRIMARY KEY (chain, seq)
    );
  `,
};
