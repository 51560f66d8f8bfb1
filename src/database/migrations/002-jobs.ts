import type { Migration } from "./migration.js";

/** The journal of jobs, what was seen of their targets, and who works on what. */
export const jobTables: Migration = {
  number: 2,
  name: "jobs",
  sql: `
    CREATE TABLE cloudcert.job (
      realm text NOT NULL,
      id text NOT NULL,
      key text NOT NULL,
      month text NOT NULL,
      archived boolean NOT NULL DEFAULT false,
      body json NOT NULL,
      PRIMARY KEY (realm, id)
    );
    CREATE INDEX job_month ON cloudcert.job (realm, archived, month);

    CREATE TABLE cloudcert.sighting (
      realm text NOT NULL,
      job text NOT NULL,
      number bigint GENERATED ALWAYS AS IDENTITY,
      look text NOT NULL,
      PRIMARY KEY (realm, job, number)
    );
    CREATE TABLE cloudcert.seen_certificate (
      realm text NOT NULL,
      job text NOT NULL,
      sha256 text NOT NULL,
      der bytea NOT NULL,
      PRIMARY KEY (realm, job, sha256)
    );

    CREATE TABLE cloudcert.served_change (
      realm text PRIMARY KEY,
      at timestamptz NOT NULL
    );

    CREATE TABLE cloudcert.lease (
      name text PRIMARY KEY,
      instance text NOT NULL,
      holder uuid NOT NULL,
      expires_at timestamptz NOT NULL
    );
  `,
};
