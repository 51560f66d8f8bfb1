import { afterAll, beforeAll, expect, it } from "vitest";
import { planned } from "../../../src/catalogue/planned-change.js";
import { certificateSubject } from "../../../src/catalogue/tencent-ssl/params.js";
import { safe } from "../../../src/lib/safe-text.js";
import { TestCloud } from "./support.js";

/** Whether what a one-click update serves covers the domains that it is served on. */

let cloud: TestCloud;
let storefront: string;
let mail: string;

beforeAll(async () => {
  cloud = await TestCloud.open();
  storefront = cloud.certificate("storefront");
  mail = cloud.certificate("mail");
});
afterAll(() => cloud.close());

const warningsOf = async (name: string, args: Record<string, unknown>) => {
  const { warnings = [] } = await cloud.found(name, args);
  return warnings.map(({ severity, says }) => `${severity}: ${says}`);
};

const update = (CertificateId: string, ResourceTypes: readonly string[]) => ({
  OldCertificateId: storefront,
  CertificateId,
  ResourceTypes,
});

it("a certificate for other names is the worst warning, with each domain and where it is served", async () => {
  const [worst] = await warningsOf("UpdateCertificateInstance", update(mail, ["clb", "cdn", "teo"]));
  expect(worst).toMatch(/^outage: The certificate does not cover .*, where it will be served/);
  expect(worst).toContain("www.example.com (CLB lb-");
  expect(worst).toContain("static.example.com (CDN)");
  expect(worst?.length).toBeLessThan(240);
});

it("domains of products that stay as they are are not named", async () => {
  const [worst] = await warningsOf("UpdateCertificateInstance", update(mail, ["cdn"]));
  expect(worst).toContain("static.example.com (CDN)");
  expect(worst).not.toContain("CLB");
});

it("one for the same names is no warning", async () => {
  const next = cloud.certificate("storefront, next");
  expect(await warningsOf("UpdateCertificateInstance", update(next, ["clb", "cdn", "teo"]))).toEqual([]);
});

const replacing = (names: readonly string[], types: readonly string[]) => [
  planned(certificateSubject(storefront), "bound resources", safe`served with another`, {
    each: { then: safe`another`, isMeant: ({ type }) => types.includes(type), names },
  }),
];
const bySteps = async (names: readonly string[], types: readonly string[]) => {
  const { warnings = [] } = await cloud.present(replacing(names, types));
  return warnings.map(({ severity, says }) => `${severity}: ${says}`);
};

it("of a certificate that is not stored yet, the change says the names", async () => {
  expect(await bySteps(["static.example.com"], ["cdn"])).toEqual([]);
  expect(await bySteps(["shop.example.com"], ["cdn"])).toEqual([
    "outage: The certificate does not cover static.example.com (CDN), where it will be served: visitors are warned of it.",
  ]);
});

it("a name that is lost counts where the domains of a resource are not known", async () => {
  for (const { listeners } of cloud.sandbox.account.ssl.loadBalancers) {
    for (const listener of listeners) Object.assign(listener, { certificateId: storefront, sni: false, rules: [] });
  }
  // A look-up of the last seconds would be used again.
  cloud.wait(60_000);
  const found = await bySteps(["shop.example.com"], ["clb"]);
  expect(found).toEqual([
    expect.stringMatching(
      /^loss: The certificate does not cover example\.com, \*\.example\.com, which the one before does; .*: Load balancer lb-/,
    ),
  ]);
});
