import type { End } from "./estate.js";

/** How soon something ends, by the days that are left. */
export const urgencies = ["ended", "week", "month", "quarter", "later", "never"] as const;
export type Urgency = (typeof urgencies)[number];

const upTo: readonly (readonly [Urgency, number])[] = [
  ["ended", -1],
  ["week", 7],
  ["month", 30],
  ["quarter", 90],
];

export function urgencyOf(end: End | undefined): Urgency {
  const days = end?.daysLeft;
  if (days === undefined) return "never";
  return upTo.find(([, most]) => days <= most)?.[0] ?? "later";
}

/** Days that the bars show; 200 is the longest that a public certificate may be valid today. */
export const BAR_DAYS = 200;
