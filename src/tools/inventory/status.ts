/** Groups of certificate states, with everyday names. */
export const statusGroups = ["issued", "expired", "pending", "closed"] as const;
export type StatusGroup = (typeof statusGroups)[number];

/**
 * docs/cloud-behaviour.md 3.2. A certificate being reissued or migrated counts as issued, because nothing in the
 * documents says that it is invalid in the meantime (inferred).
 */
const codes: Readonly<Record<StatusGroup, readonly number[]>> = {
  issued: [1, 11, 15],
  expired: [3],
  pending: [0, 4, 5, 8, 13],
  closed: [2, 6, 7, 9, 10, 12, 14],
};

/** The group of a status; undefined for an undocumented one. A past expiry wins over the reported status. */
export function groupOf(status: number | null | undefined, daysLeft: number | undefined): StatusGroup | undefined {
  const group = statusGroups.find((name) => codes[name].some((code) => code === status));
  return group === "issued" && daysLeft !== undefined && daysLeft < 0 ? "expired" : group;
}
