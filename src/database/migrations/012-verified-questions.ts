import type { Migration } from "./migration.js";

/** What is asked and each answer get a MAC. Open questions from before have none and are asked again. */
export const verifiedQuestions: Migration = {
  number: 12,
  name: "verified questions",
  sql: `
    DELETE FROM cloudcert.question;
    ALTER TABLE cloudcert.question ADD COLUMN mac text NOT NULL DEFAULT '', ADD COLUMN used_at timestamptz;
    ALTER TABLE cloudcert.question_decision ADD COLUMN mac text NOT NULL DEFAULT '';
    CREATE INDEX question_thing ON cloudcert.question (account, thing);
  `,
};
