import type { Migration } from "./migration.js";

/** The team's questions and what each person answered. They are short-lived: the audit log has them for good. */
export const questionTables: Migration = {
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
      state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'approved', 'declined', 'wrong name', 'withdrawn', 'expired', 'used'))
    );
    CREATE UNIQUE INDEX question_current ON cloudcert.question (asker, account, thing)
      WHERE state IN ('open', 'approved');
    CREATE INDEX question_expires ON cloudcert.question (expires_at);
    CREATE INDEX question_plan ON cloudcert.question (plan_id);
    CREATE TABLE cloudcert.question_decision (
      question text NOT NULL REFERENCES cloudcert.question ON DELETE CASCADE,
      person text NOT NULL,
      name text NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      answer text NOT NULL CHECK (answer IN ('approved', 'declined', 'wrong name')),
      shown text NOT NULL,
      counts_for int[] NOT NULL,
      PRIMARY KEY (question, person)
    );
  `,
};
