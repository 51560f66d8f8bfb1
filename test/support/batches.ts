import { questionLimits } from "../../src/approval/question-limits.js";

/** As many at a time as a person can turn down in a row without the server pausing. */
export function batchesOf<Item>(
  items: readonly Item[],
  size: number = questionLimits.declinesInARow,
): readonly Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, batch) => items.slice(batch * size, (batch + 1) * size));
}
