import { afterEach, beforeEach, expect, it } from "vitest";
import { type Assistant, declining } from "../../support/assistant.js";
import { type CloudProxy, startAlteringProxy } from "../../support/cloud-proxy.js";
import { Company } from "../../support/company.js";

/** A sub-account that may not make some of the reads beside the one change. */

let company: Company;
let proxy: CloudProxy;
let assistant: Assistant;
const questions: string[] = [];

const denial = JSON.stringify({
  Response: { Error: { Code: "UnauthorizedOperation", Message: "no permission" }, RequestId: "r" },
});

beforeEach(async () => {
  questions.length = 0;
  company = await Company.open();
});
afterEach(async () => {
  await assistant.close();
  await proxy.close();
  await company.close();
});

/** The question about a host of EdgeOne for a key that may not make a read; the person declines. */
async function questionWithout(read: string, ...flags: string[]): Promise<string> {
  const of = read === "DescribeAccelerationDomains" ? "tencent-edgeone" : "tencent-ssl";
  proxy = await startAlteringProxy(company.sandbox.endpoints[of], (operation, answer) =>
    operation === read ? denial : answer,
  );
  const person = declining(questions);
  assistant = await company.assistant(["--approve", "elicit", `--endpoint=${of}=${proxy.url}`, ...flags], { person });
  await assistant.failure("deploy_certificate", {
    certificate_id: company.certificate("storefront, next"),
    targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }],
  });
  return questions.join("\n");
}

it("the list of one-click updates is missed, and said to be", async () => {
  const question = await questionWithout("DescribeHostUpdateRecord");
  expect(question).toContain("Serve the certificate for ");
  expect(question).toContain(
    "Whether a one-click update is bringing another certificate there was not read (DescribeHostUpdateRecord): the configured key may not read it (UnauthorizedOperation).",
  );
});

it("what a host has now is missed, and said to be", async () => {
  const question = await questionWithout("DescribeHostTeoInstanceList", "--deny", "DescribeAccelerationDomains");
  expect(question).toContain("what it has now was not read: the configured key may not read it");
});

it("the list of a site has more than the other read, and either will do", async () => {
  const now = `server certificate: certificate ${company.certificate("storefront")} `;
  expect(await questionWithout("DescribeHostTeoInstanceList")).toContain(now);
  await assistant.close();
  await proxy.close();
  questions.length = 0;
  const question = await questionWithout("DescribeAccelerationDomains");
  expect(question).toContain(now);
  expect(question).toContain(
    "the list that has all of them was not read (DescribeAccelerationDomains): the configured key may not read it (UnauthorizedOperation). One that no check of the edge shows either, such as SM2, is removed",
  );
});
