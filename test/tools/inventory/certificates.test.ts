import { expect, it } from "vitest";
import { groupOf } from "../../../src/tools/inventory/certificates.js";

it.each([
  [1, 0, "issued"],
  [1, -1, "expired"],
  [11, 20, "issued"],
  [3, 20, "expired"],
  [0, undefined, "pending"],
  [2, undefined, "closed"],
  [10, -5, "closed"],
  [16, 20, undefined],
  [null, undefined, undefined],
])("status %s with %s days left is %s", (status, daysLeft, group) => {
  expect(groupOf(status, daysLeft)).toBe(group);
});
