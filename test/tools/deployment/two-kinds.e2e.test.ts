import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, approving } from "../../support/assistant.js";
import { Company, type Files, referring, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/** An RSA and an ECC certificate on one host, by one plan: each is seen before the host counts as served. */

let company: Company;
let assistant: Assistant;
let [ec, rsa]: Files[] = [];
let rsaId = "";
const questions: string[] = [];
const target = { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] };

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  ec = await company.issue("ec");
  rsa = await company.issue("rsa", ["example.com", "*.example.com"], "RSA-2048");
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
  const uploaded = await assistant.result("UploadCertificate", named(rsa));
  rsaId = z.object({ CertificateId: z.string() }).parse(uploaded).CertificateId;
  questions.length = 0;
});
afterAll(() => Promise.all([assistant.close(), company.close()]));

function named(files: Files | undefined) {
  if (files === undefined) throw new Error("no files");
  const { certificate, private_key } = referring(files);
  return { CertificatePublicKey: certificate, CertificatePrivateKey: private_key };
}

const pair = () => (ec === undefined ? {} : referring(ec));
const served = z.object({
  domains: z.array(
    z.object({ served: z.array(z.object({ certificates: z.array(z.object({ sha256: z.string() })) })) }),
  ),
});

describe("also_certificate_id", () => {
  it("puts both on the host with one approval, and both are seen at each address", async () => {
    const args = { ...pair(), also_certificate_id: rsaId, targets: [target], wait_seconds: 60 };
    const { targets } = report.parse(await assistant.result("deploy_certificate", args));
    expect(targets).toEqual([expect.objectContaining({ state: "served" })]);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain(`beside ${rsaId} (RSA)`);
    const host = company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
    expect(host?.certificateIds).toHaveLength(2);
    expect(host?.certificateIds).toContain(rsaId);
    const { domains } = served.parse(
      await assistant.result("check_served_certificate", { domains: ["www.example.com"] }),
    );
    for (const { certificates } of domains.flatMap((each) => each.served)) {
      expect(certificates.map(({ sha256 }) => sha256).sort()).toEqual([ec?.sha256, rsa?.sha256].sort());
    }
    // Nothing is left to ask.
    expect(report.parse(await assistant.result("deploy_certificate", args)).summary).toMatch(/^1 (unchanged|served)$/);
    expect(questions).toHaveLength(1);
    const alone = { ...pair(), targets: [target], wait_seconds: 60 };
    const { summary, next: left } = report.parse(await assistant.result("deploy_certificate", alone));
    expect(summary).toBe("1 unchanged");
    expect(left).toContain(`${rsaId} stays beside it on a host that was unchanged: ModifyHostsCertificate with `);
    expect(questions).toHaveLength(1);
  });

  it("adds the second to a host that was given the first a moment ago", wide, async () => {
    const shop = { ...target, domains: ["shop.example.com"] };
    await assistant.result("deploy_certificate", { ...pair(), targets: [shop], wait_seconds: 0 });
    const both = { ...pair(), also_certificate_id: rsaId, targets: [shop], wait_seconds: 60 };
    const { targets } = report.parse(await assistant.result("deploy_certificate", both));
    expect(targets).toEqual([expect.objectContaining({ state: "served" })]);
    const host = company.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("shop.example.com");
    expect(host?.certificateIds).toContain(rsaId);
    expect(host?.certificateIds).toHaveLength(2);
  });

  it("on a host without HTTPS sets both at once, and both come back after HTTPS was off", wide, async () => {
    const zone = company.sandbox.account.zones.get("zone-sandboxdemo");
    const shop = zone?.hosts.get("shop.example.com");
    if (zone === undefined || shop === undefined) throw new Error("the sandbox has no such host");
    zone.hosts.set("new.example.com", { ...shop, name: "new.example.com", mode: "disable", certificateIds: [] });
    const host = () => zone.hosts.get("new.example.com");
    const only = [{ ...target, domains: ["new.example.com"] }];
    const args = { ...pair(), also_certificate_id: rsaId, targets: only, wait_seconds: 60 };
    const { targets } = report.parse(await assistant.result("deploy_certificate", args));
    expect(targets).toEqual([expect.objectContaining({ state: "served" })]);
    const both = [...(host()?.certificateIds ?? [])].sort();
    expect(both).toHaveLength(2);
    await assistant.result("turn_off_https", { domains: ["new.example.com"], wait_seconds: 60 });
    expect(host()?.mode).toBe("disable");
    const back = report.parse(await assistant.result("roll_back", { wait_seconds: 60 }));
    expect(back.targets).toEqual([expect.objectContaining({ state: "put back" })]);
    expect([...(host()?.certificateIds ?? [])].sort()).toEqual(both);
  });

  it.each([
    [
      "another service",
      { targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }] },
      "for hosts of EdgeOne",
    ],
    [
      "the same kind of key",
      { certificate: undefined, private_key: undefined, certificate_id: "rsa" },
      "the same kind (RSA)",
    ],
  ])("is refused for %s, and nobody is asked", async (_, more, why) => {
    const asked = questions.length;
    const given = { ...pair(), also_certificate_id: rsaId, targets: [target], ...more };
    const args = "certificate_id" in given ? { ...given, certificate_id: rsaId } : given;
    expect(await assistant.failure("deploy_certificate", args)).toContain(why);
    expect(questions).toHaveLength(asked);
  });
});
