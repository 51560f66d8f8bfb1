/* Reply members of Tencent Cloud SSL that are shown in a special way, at any depth. */

/** Hold a time in UTC+8, or a list of such times (docs/cloud-behaviour.md 3.1, with the exceptions). */
export const timeMembers: ReadonlySet<string> = new Set([
  "CertBeginTime",
  "CertEndTime",
  "InsertTime",
  "CAEndTimes",
  "ProjectCreateTime",
  "HostingCompleteTime",
  "DVAuthDeadline",
  "ValidationPassedTime",
  "CertRevokedTime",
  "CertServiceBeginTime",
  "CertServiceEndTime",
  "CreateTime",
  "UpdateTime",
  "CreatedOn",
  "CacheTime",
  "ValidFrom",
  "ValidTo",
]);

/** The end of a certificate's validity: people ask how many days are left. */
export const expiryMember = "CertEndTime";

export type PersonalKind = "e-mail" | "number" | "words";

/** Personal data in certificate orders and CSRs. The organisation's name and country are not personal. */
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
