import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { seededCasIds } from "../../../src/sandbox/seed/alibaba.js";
import { type Assistant, approving } from "../../support/assistant.js";
import { Company } from "../../support/company.js";

/** What was set from here counts, as long as the clouds' lists still tell what was before. */

const img = "img.example.com";
const found = z.object({
  domains: z.array(
    z.object({ domain: z.string(), changed: z.string().optional(), certificates: z.array(z.unknown()).optional() }),
  ),
});

let company: Company;
let assistant: Assistant;
const questions: string[] = [];
beforeAll(async () => {
  company = await Company.open({ speed: 20_000, listLag: 20_000 * 24 * 3600_000 });
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(() => Promise.all([assistant.close(), company.close()]));

const foundBy = async (args: Record<string, unknown>) => {
  const { domains } = found.parse(await assistant.result("find_certificates", args));
  return domains.find(({ domain }) => domain === img);
};

it("a search finds a domain by the certificate that it just got, and by the end of the one that its list still shows", async () => {
  const next = company.certificate("storefront, next");
  expect(await foundBy({ certificate_id: next })).toBeUndefined();
  const targets = [{ domains: [img] }];
  await assistant.result("deploy_certificate", { certificate_id: next, targets, wait_seconds: 0 });
  // The old one ends in 20 days, and the new one in more than a hundred.
  for (const args of [{ certificate_id: next }, { expires_within_days: 30 }]) {
    const row = await foundBy(args);
    expect(row, JSON.stringify(args)).toMatchObject({
      changed: expect.stringContaining("another certificate was accepted"),
    });
    expect(row?.certificates).toBeUndefined();
  }
  expect(await foundBy({ expires_within_days: 1 })).toBeUndefined();
});

it("the next plan says what was set from here, and what the cloud still tells", async () => {
  questions.length = 0;
  await assistant.result("turn_off_https", { domains: [img], wait_seconds: 0 });
  expect(questions.join("\n")).toMatch(
    /CDN domain img\.example\.com, HTTPS: .*, as set from here at .*, but the cloud reports .*named img-example-com, which may be older; at its edge/,
  );
});

it("covered leaves a domain alone whose HTTPS was just turned off", async () => {
  questions.length = 0;
  await assistant.result("deploy_certificate", {
    certificate_id: seededCasIds["ap-southeast-1"],
    covered: true,
    wait_seconds: 0,
  });
  const [question = ""] = questions;
  expect(question).toContain(
    "Covered, but HTTPS was turned off from here lately, which the cloud's list does not show yet; left as they are: img.example.com.",
  );
  expect(question).not.toContain("CDN domain img.example.com");
});

it("replaces leaves it alone, too", async () => {
  questions.length = 0;
  const args = { certificate_id: company.certificate("storefront, next"), wait_seconds: 0 };
  await assistant.result("deploy_certificate", { ...args, replaces: "img-example-com" });
  const [question = ""] = questions;
  expect(question).toContain(
    "HTTPS was turned off from here lately, which the cloud's list does not show yet: img.example.com.",
  );
  expect(question).not.toContain("CDN domain img.example.com,");
  expect(question).toContain("DCDN domain app.example.com");
});
