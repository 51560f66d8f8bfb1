import { z } from "zod";
import type { Person } from "../identity/person.js";

/** Whom a rule means: everyone, or persons by id and members of groups as the identity provider names them. */
export const whoSchema = z.object({
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
