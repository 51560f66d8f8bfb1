import type { Migration } from "./migration.js";

/** The terms of standing approvals, each with its MAC in the text; their uses are lines of the audit log. */
export const standingApprovalTables: Migration = {
  number: 3,
  name: "standing approvals",
  sql: `
    CREATE TABLE cloudcert.standing_approval (
      realm text NOT NULL,
      id text NOT NULL,
      anchored_at bigint NOT NULL,
      body text NOT NULL,
      PRIMARY KEY (realm, id)
    );
  `,
};
