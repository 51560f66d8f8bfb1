import type { Migration } from "./migration.js";

/**
 * The places that calls to the clouds take, for each account and for what its vendor counts together. A place that
 * nobody gives back comes free at `free_at`. `backoff` is 1 at the documented pace.
 */
export const rateTables: Migration = {
  number: 40,
  name: "rates",
  sql: `
    CREATE TABLE cloudcert.rate_window (
      account text NOT NULL,
      counted text NOT NULL,
      backoff double precision NOT NULL DEFAULT 1,
      PRIMARY KEY (account, counted)
    );
    CREATE TABLE cloudcert.rate_place (
      account text NOT NULL,
      counted text NOT NULL,
      place int NOT NULL,
      free_at timestamptz NOT NULL DEFAULT 'epoch',
      holder uuid,
      PRIMARY KEY (account, counted, place),
      FOREIGN KEY (account, counted) REFERENCES cloudcert.rate_window (account, counted) ON DELETE CASCADE
    );
  `,
};
