import type { Migration } from "./migration.js";

/** The sessions of the team's pages and the logins that were used, under digests: a copy of the table lets nobody in. */
export const pageRecordTables: Migration = {
  number: 11,
  name: "page records",
  sql: `
    CREATE TABLE cloudcert.page_record (
      digest text PRIMARY KEY,
      record text NOT NULL,
      expires_at timestamptz NOT NULL
    );
    CREATE INDEX page_record_expires ON cloudcert.page_record (expires_at);
  `,
};
