import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Assistant } from "../../support/assistant.js";
import { Company, type Files, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/**
 * An address that nobody answers at says nothing of what is served, whoever asks: an AAAA record seen from a network
 * without IPv6, one dead node of many. It is named, and stands in nobody's way.
 *
 * Seen at https://github.com/letsencrypt/boulder/issues/7347 (a name with an AAAA record where only IPv4 listens),
 * https://github.com/matteocorti/check_ssl_cert/issues/226 (IPv6 is there, and its packets are dropped),
 * https://github.com/matteocorti/check_ssl_cert/issues/471 (one host of a domain is tried by IPv6, and fails).
 */

let company: Company;
let assistant: Assistant;
let files: Files;
/** Nothing listens at the discard port of this machine. */
const dead = "127.0.0.1:9";

beforeEach(async () => {
  company = await Company.open({ speed: 100_000 });
  files = await company.issue("next");
  assistant = await company.assistant(["--edge", dead]);
});
afterEach(async () => {
  await assistant.close();
  await company.close();
});

const domain = "img.example.com";
const deploy = () =>
  assistant.result("deploy_certificate", {
    certificate: `file:${files.chain}`,
    private_key: `file:${files.key}`,
    targets: [{ service: "alibaba-cdn", domains: [domain] }],
  });

describe("one address that cannot be reached", () => {
  it("does not keep a deployment from being served, and is named by every tool", async () => {
    const { job, summary, targets } = report.parse(await deploy());
    expect(summary).toBe("1 served");
    expect(targets[0]?.says).toMatch(/served at 2 of 2 addresses; could not be reached: 127\.0\.0\.1:9: It refuses/);

    const waited = await assistant.result("wait_for", { what: "deployment", id: job });
    expect(waited).toMatchObject({ state: "done" });
    expect(JSON.stringify(waited)).toContain(dead);

    const checked = await assistant.result("check_served_certificate", {
      domains: [domain],
      fingerprint: files.sha256,
    });
    expect(checked).toMatchObject({
      domains: [{ status: "serving", not_reached: [expect.stringContaining(dead)] }],
    });
    expect(JSON.stringify(checked).match(/127\.0\.0\.1:9\b/g)).toHaveLength(1);

    const found = await assistant.result("find_certificates", { served_on: [domain] });
    expect(JSON.stringify(found)).toMatch(/"not_reached":\["127\.0\.0\.1:9: /);
  });

  it("keeps nothing from being unchanged when the same is deployed again", wide, async () => {
    await deploy();
    expect(report.parse(await deploy()).summary).toBe("1 unchanged");
  });
});
