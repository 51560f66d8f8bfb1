/** A step from one form of the tables to the next. Once released it is never changed: a correction is another step. */
export interface Migration {
  /** Its place in the order, and what the database remembers of it. */
  readonly number: number;
  readonly name: string;
  /** All objects are in the schema `cloudcert`. */
  readonly sql: string;
}

/** In order. */
export const migrations: readonly Migration[] = [
  // The audit log: a row for each line, with its exact bytes, and one row that says how each chain ends.
  {
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
  },
  // The journal of jobs, what was seen of their targets, and who works on what.
  {
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
  },
  // The terms of standing approvals, each with its MAC in the text; their uses are lines of the audit log.
  {
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
  },
  // The team's questions and what each person answered, each with its MAC and the id of the key that signed it. They are
  // short-lived: the audit log has them for good.
  {
    number: 10,
    name: "questions",
    sql: `
    CREATE TABLE cloudcert.question (
      id text PRIMARY KEY,
      asker text NOT NULL,
      account text NOT NULL,
      thing text NOT NULL,
      plan_id text NOT NULL,
      asked text NOT NULL,
      asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      expires_at timestamptz NOT NULL,
      used_at timestamptz,
      state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'approved', 'declined', 'wrong name', 'withdrawn', 'expired', 'used')),
      mac text NOT NULL,
      key text NOT NULL
    );
    CREATE UNIQUE INDEX question_current ON cloudcert.question (asker, account, thing)
      WHERE state IN ('open', 'approved');
    CREATE INDEX question_expires ON cloudcert.question (expires_at);
    CREATE INDEX question_plan ON cloudcert.question (plan_id);
    CREATE INDEX question_thing ON cloudcert.question (account, thing);
    CREATE TABLE cloudcert.question_decision (
      question text NOT NULL REFERENCES cloudcert.question ON DELETE CASCADE,
      person text NOT NULL,
      name text NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      answer text NOT NULL CHECK (answer IN ('approved', 'declined', 'wrong name')),
      shown text NOT NULL,
      counts_for int[] NOT NULL,
      mac text NOT NULL,
      key text NOT NULL,
      PRIMARY KEY (question, person)
    );
  `,
  },
  // The sessions of the team's pages and the logins that were used, under digests: a copy of the table lets nobody in.
  {
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
  },
  // Secrets of persons, sealed with a key that is not here; `key` says which.
  {
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
  },
  // The places that calls to the clouds take, for each account and for what its vendor counts together. A place that
  // nobody gives back comes free at `free_at`. `backoff` is 1 at the documented pace.
  {
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
  },
];
