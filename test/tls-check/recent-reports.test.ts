import { expect, it } from "vitest";
import { withRecentReports } from "../../src/tls-check/recent-reports.js";

it("a look counts as recent from when it began, and not once the clock was set back", async () => {
  const at = "2026-11-29T12:00:00.000Z";
  const began = Date.parse(at);
  const looks = withRecentReports({ roots: [], inspect: async (domain) => ({ domain, at, addresses: [] }) });
  await looks.inspect("www.example.com", { signal: new AbortController().signal });
  expect(looks.recent("WWW.example.com", began, began)).toMatchObject({ at });
  expect(looks.recent("www.example.com", began + 1, began + 2)).toBeUndefined();
  expect(looks.recent("www.example.com", began - 2, began - 1)).toBeUndefined();
});
