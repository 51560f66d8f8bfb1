import { z } from "zod";
import type { Person } from "../identity/person.js";
import { isQuiet, quietHoursSchema } from "./quiet-hours.js";

/** Whom a rule means: everyone, or persons by id and members of groups as the identity provider names them. */
const whoSchema = z.object({
  everyone: z.boolean(),
  people: z.array(z.string()).readonly(),
  providerGroups: z.array(z.string()).readonly(),
});
export type Who = Readonly<z.output<typeof whoSchema>>;

export function isOneOf({ everyone, people, providerGroups }: Who, { id, groups }: Pick<Person, "id" | "groups">) {
  return everyone || people.includes(id) || groups.some((group) => providerGroups.includes(group));
}

/** The ids of all whom it means; undefined if only the identity provider knows that. */
export function allOf({ everyone, people, providerGroups }: Who): readonly string[] | undefined {
  return everyone || providerGroups.length > 0 ? undefined : people;
}

/** What one rule requires before a change is approved. Self-contained, because it is kept with the question. */
export const requirementSchema = z.object({
  approve: whoSchema,
  /** How many of them. */
  approvers: z.number().int().positive(),
  askerMayApprove: z.boolean(),
  quietHours: z.array(quietHoursSchema).readonly(),
});
export type Requirement = Readonly<z.output<typeof requirementSchema>>;

/** Why a person's answer does not count. */
export type UncountedReason = "no scope" | "own question" | "not an approver" | "quiet hours";

/**
 * Which of the requirements an answer of this person counts for, by position.
 * @param asker the id of who asked
 * @param at when it would approve; undefined for a no, which quiet hours do not hold back
 */
export function countsFor(
  requirements: readonly Requirement[],
  person: Person,
  asker: string,
  at: Date | undefined,
): readonly number[] | UncountedReason {
  if (!person.scopes.has("certs:approve")) return "no scope";
  const among = requirements.flatMap((each, index) => (isOneOf(each.approve, person) ? [index] : []));
  if (among.length === 0) return "not an approver";
  const counts = among.filter((index) => person.id !== asker || requirements[index]?.askerMayApprove);
  if (counts.length === 0) return "own question";
  return at !== undefined && requirements.some(({ quietHours }) => isQuiet(quietHours, at)) ? "quiet hours" : counts;
}

/** Whether it is certain that nobody can meet it when this person asks. */
export function cannotBeMet({ approve, approvers, askerMayApprove }: Requirement, asker: string): boolean {
  const all = allOf(approve);
  if (all === undefined) return false;
  return all.filter((id) => askerMayApprove || id !== asker).length < approvers;
}
