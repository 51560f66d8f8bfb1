import { z } from "zod";
import { changeEffects } from "../catalogue/operation.js";
import { quietHoursSchema } from "./quiet-hours.js";

/* The form of the rules file. Strict: an unknown member would be a rule that is never applied. */

const patterns = z.array(z.string().min(1)).nonempty();
/** Names of people and groups as this file defines them, or `everyone`. */
const names = z.array(z.string().min(1)).nonempty();

const approvalRule = z.strictObject({
  services: patterns.optional(),
  operations: patterns.optional(),
  effects: z.array(z.enum(changeEffects)).nonempty().optional(),
  /** Domain names that the change is about; in DNS form once the file was read. */
  domains: patterns.optional(),
  accounts: patterns.optional(),
  ask: names,
  approve: names,
  /** How many of them. */
  approvers: z.number().int().min(1).max(10).default(1),
  asker_may_approve: z.boolean().default(false),
  quiet_hours: z.array(quietHoursSchema).nonempty().optional(),
});
export type ApprovalRule = z.output<typeof approvalRule>;

const accessRule = z
  .strictObject({
    who: names,
    read: patterns.optional(),
    change: patterns.optional(),
    /** Directories of the server that they may name in `file:` references, absolute. */
    directories: z.array(z.string().startsWith("/", "not an absolute path")).nonempty().optional(),
  })
  .refine(
    ({ read, change, directories }) => read ?? change ?? directories,
    "it gives nothing: read, change or directories is missing",
  );

const group = z
  .strictObject({
    people: z.array(z.string().min(1)).nonempty().optional(),
    /** Groups as the identity provider names them; whoever it says is in one of them is in this one. */
    provider: z.array(z.string().min(1)).nonempty().optional(),
  })
  .refine(({ people, provider }) => people !== undefined || provider !== undefined, "nobody is in this group");

export const rulesSchema = z.strictObject({
  /**
   * Ids of persons, as in the audit log, by the names that this file gives them; several for a person who can log in
   * in several ways.
   */
  people: z.record(z.union([z.string().min(1), z.array(z.string().min(1)).nonempty()])).default({}),
  groups: z.record(group).default({}),
  access: z.array(accessRule).nonempty(),
  approvals: z.array(approvalRule).default([]),
  quiet_hours: z.array(quietHoursSchema).nonempty().optional(),
  /** How long a question can be decided and its approval used. */
  question_minutes: z.number().min(1).max(240).default(15),
});
export type RulesFile = z.output<typeof rulesSchema>;
