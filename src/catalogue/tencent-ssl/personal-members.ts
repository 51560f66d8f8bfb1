import type { PersonalKind } from "../../lib/personal-data.js";

/**
 * Members of replies that hold personal data, at any depth: in certificate orders and CSRs. The organisation's name and
 * country are not personal.
 */
export const personalMembers: ReadonlyMap<string, PersonalKind> = new Map([
  ["AdminFirstName", "words"],
  ["AdminLastName", "words"],
  ["AdminPhoneNum", "number"],
  ["AdminEmail", "e-mail"],
  ["ContactFirstName", "words"],
  ["ContactLastName", "words"],
  ["ContactNumber", "number"],
  ["ContactEmail", "e-mail"],
  ["PhoneNumber", "number"],
  ["PostalCode", "number"],
  ["OrganizationAddress", "words"],
  ["Email", "e-mail"],
]);
