/** When something ends. */
export interface End {
  /** ISO 8601; a day alone where the cloud does not state the zone. */
  readonly at: string;
  readonly daysLeft: number | undefined;
}

/** How soon something ends: what the pages count and colour. */
export const expiryWindows = ["ended", "week", "month", "quarter", "later", "never"] as const;
export type ExpiryWindow = (typeof expiryWindows)[number];

/** Each with the most days that are left. */
const upTo: readonly (readonly [ExpiryWindow, number])[] = [
  ["ended", -1],
  ["week", 7],
  ["month", 30],
  ["quarter", 90],
];

export function windowOf(end: End | undefined): ExpiryWindow {
  const days = end?.daysLeft;
  if (days === undefined) return "never";
  return upTo.find(([, most]) => days <= most)?.[0] ?? "later";
}
