import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readCurrentState, stateChanges } from "../../src/approval/current-state/read-current-state.js";
import { planned } from "../../src/catalogue/planned-change.js";
import { safe, verbatim } from "../../src/lib/safe-text.js";
import { seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import type { TlsReport } from "../../src/tls-check/tls-check.js";
import { type Assistant, accepting, reads, textOf } from "../support/assistant.js";
import { type Files, report } from "../support/company.js";
import { wide } from "../support/width.js";
import { onCdn, onLive, onVod, Rollout } from "../tools/deployment/rollout-fixture.js";
import { addressesServing, StubEdge } from "../tools/support.js";
import { patient } from "./current-state/support.js";

/**
 * A second change while the first is still rolling out: the person approves, the edge moves on meanwhile as it was said to,
 * and the approval stays good. What is compared are facts, not the sentence that tells them.
 *
 * Seen at https://github.com/certd/certd/issues/763 ("Domain is being configured"),
 * https://github.com/dromara/domain-admin/issues/122 and https://github.com/dromara/domain-admin/issues/177 (the addresses
 * of a CDN differ from look to look, and one of them gives no answer),
 * https://github.com/louislam/uptime-kuma/issues/1689 (nine addresses of one domain, each to be looked at by itself),
 * https://github.com/cloudflare/terraform-provider-cloudflare/pull/7202 (a list in another order is a change that never ends).
 */

let rollout: Rollout;
let assistant: Assistant;
let next: string;
let files: Files;
/** Happens after a person has read the question, and before they approve. */
let meanwhile: () => void;

const questions: string[] = [];
const start = () =>
  rollout.start([], {
    person: reads((question) => {
      questions.push(question.message);
      meanwhile();
      return accepting(question);
    }),
  });
const question = () => questions.at(-1) ?? "";
const byFile = () => ({ certificate: `file:${files.chain}`, private_key: `file:${files.key}`, wait_seconds: 0 });
const deploy = async (assistant: Assistant, args: Record<string, unknown>) =>
  report.parse(await assistant.result("deploy_certificate", { wait_seconds: 0, ...args }));

/** The tests of a block share a rollout: the sandbox refuses requests once its time is five minutes ahead. */
function together(): void {
  beforeAll(async () => {
    rollout = await Rollout.open();
    next = rollout.company.certificate("storefront, next");
    assistant = await start();
  });
  beforeEach(async () => {
    meanwhile = () => {};
    files = await rollout.company.issue("img", ["img.example.com", "vod.example.com", "play.example.com"]);
  });
  afterAll(() => rollout.close());
}

describe("a rollout of one's own that goes on while a person is asked", () => {
  together();

  it("is said in the plan, and voids nothing when it has come, on every cloud", wide, async () => {
    const targets = [...onCdn, ...onVod, ...onLive];
    const { job } = await deploy(assistant, { certificate_id: next, targets });
    meanwhile = () => rollout.arrive();
    expect((await deploy(assistant, { ...byFile(), targets })).summary).toBe("3 accepted");
    for (const target of ["CDN domain img.example.com", "VOD domain vod.example.com", "Live domain play.example.com"]) {
      expect(question()).toMatch(
        new RegExp(`Warning: .*${target}.*: a deployment \\(job ${job}, accepted .*\\) is still rolling out there, `),
      );
    }
    expect(question()).toContain(`it is better to wait first (wait_for deployment ${job})`);
    rollout.arrive();
    for (const domain of ["img.example.com", "vod.example.com", "play.example.com"]) {
      expect(await rollout.company.served(domain)).toEqual(Array(3).fill(files.sha256));
    }
  });

  it("voids nothing half way, when some addresses have it and others have not", async () => {
    await deploy(assistant, { certificate_id: next, targets: onCdn });
    meanwhile = () => rollout.arrive(25_000);
    expect((await deploy(assistant, { ...byFile(), targets: onCdn })).summary).toBe("1 accepted");
    expect(new Set(await rollout.company.served("img.example.com")).size).toBe(2);
  });
});

describe("a rollout of a certificate that its store shows by SHA-1 only", () => {
  together();
  const byStore = { certificate_id: `${seededCasIds["cn-hangzhou"]}-cn-hangzhou`, targets: onCdn };

  it("is waited for by the same call, and voids nothing when it has come in part", async () => {
    const said = z.object({ targets: z.array(z.object({ state: z.string(), says: z.string().optional() })) });
    const deployThat = async () =>
      said.parse(await assistant.result("deploy_certificate", { wait_seconds: 0, ...byStore }));
    expect((await deployThat()).targets).toMatchObject([{ state: "accepted" }]);
    rollout.arrive(25_000);
    const asked = questions.length;
    expect((await deployThat()).targets).toMatchObject([
      { state: "accepted", says: expect.stringContaining("served at 1 of 2 addresses") },
    ]);
    expect(questions).toHaveLength(asked);
    meanwhile = () => rollout.arrive();
    expect((await deploy(assistant, { certificate_id: next, targets: onCdn })).summary).toBe("1 accepted");
    expect(question()).toContain("is still rolling out there");
  });
});

describe("a rollout of one's own and a single operation", () => {
  together();

  it("is said, too, and voids nothing there", wide, async () => {
    const { job } = await deploy(assistant, { certificate_id: next, targets: onCdn });
    meanwhile = () => rollout.arrive();
    const off = { DomainName: "img.example.com", SSLProtocol: "off" };
    await assistant.result("SetCdnDomainSSLCertificate", off);
    expect(question()).toContain(`a deployment (job ${job}, accepted `);
    const on = {
      ...off,
      SSLProtocol: "on",
      CertName: "img",
      SSLPub: `file:${files.chain}`,
      SSLPri: `file:${files.key}`,
    };
    await assistant.result("SetCdnDomainSSLCertificate", on);
    expect(question()).toMatch(
      /what SetCdnDomainSSLCertificate set \(accepted .*\) is still rolling out there, with no HTTPS\. .*check_served_certificate/,
    );
  });

  it("is no longer said once it has come", wide, async () => {
    // What the test before set has come.
    rollout.arrive();
    await deploy(assistant, { certificate_id: next, targets: onCdn });
    rollout.arrive();
    await assistant.result("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" });
    expect(question()).not.toContain("rolling out");
  });
});

describe("an approval while something is rolled out", () => {
  together();

  it("is the same one when the rollout has come", wide, async () => {
    const flags = ["--approve", "page", "--approval-wait", "0.1"];
    const other = await rollout.company.assistant(flags, { person: null });
    await deploy(assistant, { certificate_id: next, targets: onCdn });
    const args = { ...byFile(), targets: onCdn };
    const first = await other.call("deploy_certificate", args);
    expect(first.structuredContent).toMatchObject({ state: "waiting for approval" });
    rollout.arrive();
    const again = await other.call("deploy_certificate", args);
    await other.close();
    expect(again.structuredContent?.approval_id).toBe(first.structuredContent?.approval_id);
  });
});

describe("an approval while something else is deployed", () => {
  together();

  it("is void", wide, async () => {
    const { cdn } = rollout.company.sandbox.account;
    meanwhile = () => {
      const domain = cdn.get("img.example.com");
      if (domain === undefined) throw new Error("the sandbox has no such domain");
      cdn.set("img.example.com", { ...domain, https: false, certificate: undefined, changedAt: new Date() });
      rollout.arrive();
    };
    const reply = await assistant.call("deploy_certificate", { ...byFile(), targets: onCdn });
    expect(textOf(reply)).toMatch(/approval is void.*HTTPS: was .* is now "no HTTPS/s);
  });
});

describe("what is compared of a domain", () => {
  const [a, b, c] = ["a".repeat(64), "b".repeat(64), "c".repeat(64)] as const;
  const domain = "www.example.com";
  const change = planned({ kind: "served-domain", name: safe`It`, domain }, "HTTPS", verbatim("else"));
  const at = (...pairs: readonly (readonly [address: string, leaf: string])[]): TlsReport => ({
    domain,
    addresses: pairs.map(([address, leaf]) => ({
      ...(addressesServing(domain, leaf).addresses[0] ?? { certificates: [] }),
      address,
    })),
  });
  const dead = (address: string) => ({ address, certificates: [], unreached: true as const, problem: "It is dead." });

  async function compare(before: TlsReport, after: TlsReport, arriving: readonly string[] = []) {
    const edge = new StubEdge();
    edge.serve(
      domain,
      () => before,
      () => after,
    );
    const read = () => Promise.reject(new Error("nothing is read"));
    const options = {
      ...patient,
      tlsCheck: edge,
      arriving: new Map([[domain, arriving.map((sha256) => ({ sha256 }))]]),
    };
    const first = await readCurrentState([change], read, options);
    return stateChanges(first, await readCurrentState([change], read, options)).map(({ now }) => now);
  }

  const [one, two, three, four] = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::4"] as const;
  it.each<[string, TlsReport, TlsReport, string[]?]>([
    ["more addresses", at([one, a]), at([one, a], [two, a], [three, a])],
    ["another order", at([one, a], [two, b]), at([two, b], [one, a])],
    ["other addresses", at([one, a], [two, a]), at([three, a], [four, a])],
    ["an address that has what another one had", at([one, a], [two, b]), at([one, b], [two, b])],
    ["an address that was not seen before and has something else", at([one, a]), at([one, a], [two, b])],
    ["what arrives as it was said", at([one, a], [two, a]), at([one, c], [two, a]), [c]],
    ["what has arrived everywhere", at([one, a], [two, a]), at([one, c], [two, c]), [c]],
    [
      "an address that cannot be reached any more",
      at([one, a], [four, a]),
      { domain, addresses: [...at([one, a]).addresses, dead(four)] },
    ],
    [
      "an address that can be reached now",
      { domain, addresses: [...at([one, a]).addresses, dead(four)] },
      at([one, a], [four, a]),
    ],
  ])("not %s", async (_what, before, after, arriving) => {
    expect(await compare(before, after, arriving)).toEqual([]);
  });

  it.each<[string, TlsReport, TlsReport, string[]?]>([
    ["another certificate at an address", at([one, a], [two, a]), at([one, a], [two, b])],
    ["another one than was on its way", at([one, a]), at([one, b]), [c]],
    ["another one wherever it is seen", at([one, a]), at([two, b])],
    ["that HTTPS is off", at([one, a]), { domain, addresses: [{ address: one, certificates: [] }] }],
    ["that nothing can be seen any more", at([one, a]), { domain, addresses: [dead(one)] }],
  ])("but %s", async (_what, before, after, arriving) => {
    expect(await compare(before, after, arriving)).toHaveLength(1);
  });
});
