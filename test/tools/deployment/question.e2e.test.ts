import type { ElicitRequest } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { countTargets, describeJobCertificate } from "../../../src/tools/deployment/targets.js";
import { type Assistant, pointedAt, reads, startAssistant } from "../../support/assistant.js";
import { neededApproval } from "../../support/requests.js";
import { wide } from "../../support/width.js";

/** What a person is asked about a whole job: to be judged in five seconds, from the top. */

let sandbox: Sandbox;
let assistant: Assistant;
const asked: ElicitRequest["params"][] = [];
let says: "accept" | "decline" = "accept";

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 1 });
  const { args, env } = pointedAt(sandbox);
  const person = reads((question) => {
    asked.push(question);
    return says === "accept" ? { action: "accept", content: { approve: true } } : { action: "decline" };
  });
  assistant = await startAssistant([...args, "--approve", "elicit"], { env, person });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

it("a certificate is called by its names, and one without any is called that", () => {
  const notAfter = "2027-06-11T00:00:00.000Z";
  expect(String(describeJobCertificate({ names: ["*.example.com", "example.com"], notAfter }))).toMatch(
    /example\.com \(expires 2027-06-11\)$/,
  );
  expect(String(describeJobCertificate({ names: [], notAfter }))).toBe("no name (expires 2027-06-11)");
});

const withAlias = (alias: string) =>
  [...sandbox.account.ssl.certificates.values()].find((certificate) => certificate.alias === alias)?.id ?? "";

/** The last question, paragraph by paragraph, each with its lines. */
function lastQuestion(): string[][] {
  const { message } = asked.at(-1) ?? { message: "" };
  return message.split("\n\n").map((paragraph) => paragraph.split("  \n"));
}

const edgeone = (domain: string) => ({
  service: "tencent-edgeone",
  zone_id: "zone-sandboxdemo",
  domains: [domain],
});
const deployTo = (...targets: readonly object[]) => ({
  certificate_id: withAlias("storefront, next"),
  targets,
  wait_seconds: 0,
});

it("begins with question, effect and count, then has a line for each target, warnings, and whatever is long last", async () => {
  says = "decline";
  const before = sandbox.requests.length;
  const cdn = { service: "alibaba-cdn", domains: ["img.example.com"] };
  await assistant.failure("deploy_certificate", deployTo(edgeone("shop.example.com"), cdn));
  const [head, lines, ...rest] = lastQuestion();
  expect(head).toEqual([
    expect.stringMatching(
      /^Serve the certificate for example\.com, \*\.example\.com \(expires \d{4}-\d\d-\d\d\) on 2 targets\?$/,
    ),
    "Changes what a live domain serves. Affects 2 objects.",
    expect.stringMatching(/^Tencent Cloud EdgeOne, Alibaba Cloud CDN, Tencent Cloud SSL, access keys AKID/),
    expect.stringMatching(/^Environment: endpoints that the operator set: this computer in place of /),
  ]);
  expect(lines).toEqual([
    expect.stringMatching(
      `^EdgeOne host shop\\.example\\.com \\(zone-sandboxdemo\\), server certificate: none → certificate ${withAlias("storefront, next")}: example\\.com, \\*\\.example\\.com, expires `,
    ),
    expect.stringMatching(
      /^CDN domain img\.example\.com, HTTPS: example\.com, \*\.example\.com, expires .* → example\.com, \*\.example\.com, expires /,
    ),
    expect.stringMatching(
      /^Certificate \w+ \(example\.com\), private key: held by .* → fetched from Tencent Cloud after approval/,
    ),
  ]);
  expect(rest).toHaveLength(2);
  expect(rest[0]?.every((line) => /^(?:Certificate|EdgeOne host) .+: .+: /.test(line))).toBe(true);
  expect(rest[1]).toContain("EdgeOne host shop.example.com (zone-sandboxdemo), Mode: sslcert");
  expect(sandbox.requests.slice(before).filter(neededApproval)).toEqual([]);
});

it("says of a warning which target it is about", wide, async () => {
  says = "accept";
  await assistant.result("deploy_certificate", deployTo(edgeone("shop.example.com")));
  await assistant.result("roll_back", { wait_seconds: 0 });
  const [head] = lastQuestion();
  expect(head?.[0]).toMatch(
    /^Roll back deployment \w+ of example\.com, \*\.example\.com \(expires [-\d]+\) on 1 target\?$/,
  );
  expect(head?.[2]).toBe(
    "Warning: EdgeOne host shop.example.com (zone-sandboxdemo): This host stops answering over HTTPS. (and 1 more warning)",
  );
  expect(lastQuestion().flat()).toContainEqual(
    expect.stringMatching(
      /^Warning: EdgeOne host shop\.example\.com \(zone-sandboxdemo\): a deployment \(job \w+, .* is still rolling out there/,
    ),
  );
});

describe("the number of targets", () => {
  it.each([
    [6, 6, "6 targets"],
    [2, 6, "2 of 6 targets"],
    [0, 1, "0 of 1 target"],
    [1, 1, "1 target"],
  ])("%i of %i: %s", (count, all, words) => expect(String(countTargets(count, all))).toBe(words));
});
