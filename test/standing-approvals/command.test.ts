import { describe, expect, it } from "vitest";
import { readerIn } from "../../src/lib/language.js";
import { widthOf } from "../../src/lib/text-width.js";
import { runApprovals } from "../../src/standing-approvals/command.js";
import type { StandingTerms } from "../../src/standing-approvals/terms.js";
import { noStandingApprovals } from "../support/standing-approvals.js";

const now = () => new Date("2026-11-28T00:00:00Z");

const terms: StandingTerms = {
  id: "sa-0123abcd",
  domains: ["example.com", "*.example.com"],
  services: ["alibaba-cdn"],
  accounts: ["LTAI1"],
  endpoints: [{ service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" }],
  from_store: true,
  least_gain_days: 1,
  uses_a_day: 5,
  uses: 10,
  first_day: "2026-11-27",
  last_day: "2026-11-29",
  time_zone: "UTC",
  grants: ["put_back"],
};

async function shown(env: Record<string, string>): Promise<string> {
  const standing = noStandingApprovals(now);
  await standing.give(terms, "plan-given");
  let said = "";
  const out = { write: (text: string) => (said += text) };
  const accounts = [{ account: undefined, standing }];
  expect(await runApprovals(["show", terms.id], accounts, { out, err: out, reader: readerIn(env, "en") })).toBe(0);
  return said;
}

describe("approvals show", () => {
  it("says what each bound allows at most", async () => {
    expect(await shown({})).toMatch(/Domains at most +example\.com, \*\.example\.com \(and each/);
  });

  it.each([
    ["English", {}],
    ["Chinese, whose characters are twice as wide", { LANG: "zh_CN.UTF-8" }],
  ])("has the bounds in a column, in %s", async (_, env) => {
    const text = await shown(env);
    const columns = [...text.matchAll(/^( {2}\S.*? {2,})\S/gm)].map(([, name = ""]) => widthOf(name));
    expect(columns.length).toBeGreaterThan(5);
    expect(new Set(columns).size, text).toBe(1);
  });
});
