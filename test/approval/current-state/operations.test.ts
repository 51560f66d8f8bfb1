import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StateSnapshot } from "../../../src/approval/current-state/read-current-state.js";
import { allOperations } from "../../../src/catalogue/index.js";
import { sampleChanges, sampleCompanionChanges } from "../../support/sample-calls.js";
import { TestCloud } from "./support.js";

let cloud: TestCloud;
let ending: string;
let next: string;
let deployment: number;

beforeAll(async () => {
  cloud = await TestCloud.open();
  ending = cloud.certificate("storefront");
  next = cloud.certificate("storefront, next");
  deployment = await cloud.deployElsewhere(ending, next);
});
afterAll(() => cloud.close());

const lines = ({ rows }: StateSnapshot) => rows.map(({ object, aspect, now }) => `${object} | ${aspect} | ${now}`);
/** The day on which it ends. */
const dateOf = (id: string) => {
  const ends = cloud.sandbox.account.ssl.certificates.get(id)?.material?.parsed.notAfter.getTime() ?? Number.NaN;
  return new Date(ends).toISOString().slice(0, 10);
};

type Expected = readonly [name: string, args: () => Record<string, unknown>, lines: () => readonly string[]];

const about = (id: string, domain: string) => `Certificate ${id}${domain && ` (${domain})`}`;
const oneLine = (name: string, id: () => string, domain: string, line: string, args = {}): Expected => [
  name,
  () => ({ ...args, CertificateId: id() }),
  () => [`${about(id(), domain)} | ${line}`],
];

const balancers = [
  "Load balancer lb-5k2v8q1t/lbl-3f7w2n9a, www.example.com (ap-singapore)",
  "Load balancer lb-5k2v8q1t/lbl-3f7w2n9a, shop.example.com (ap-singapore)",
  "Load balancer lb-9d3m7x0c/lbl-6r1y4j8e, www.example.com (ap-hongkong)",
];
const serving = (resource: string) =>
  `${resource} | server certificate | certificate ${ending} (example.com, *.example.com, expires ${dateOf(ending)})`;

/** The certificate that the cloud says is set; nobody looks at edges here. */
const setTo = (domain: string) =>
  expect.stringMatching(
    `^${domain.replaceAll(".", "\\.")} \\| HTTPS \\| example\\.com, \\*\\.example\\.com, expires [-\\d]{10}, SHA-256 [0-9a-f]{16}…, named img-example-com, as set; its edge was not seen$`,
  );

const preview = () => cloud.certificateFor("preview.example.org");
const secure = () => cloud.certificateFor("secure.example.com");
const shop = () => cloud.certificate("for the new shop");

const expected: readonly Expected[] = [
  [
    "ApplyCertificate",
    () => ({ DvAuthMethod: "DNS", DomainName: "new.example.com", OldCertificateId: ending }),
    () => [
      "Free certificate for new.example.com | existence | does not exist yet",
      `${about(ending, "example.com")} | status | issued`,
    ],
  ],
  oneLine("CancelAuditCertificate", preview, "preview.example.org", "status | under review"),
  oneLine("CancelCertificateOrder", shop, "", "status | paid, documents awaited"),
  oneLine("CommitCertificateInformation", shop, "", "status | paid, documents awaited"),
  [
    "CreateCertificate",
    () => ({ ProductId: 25, DomainNum: 1, TimeSpan: 1 }),
    () => ["Certificate of product 25 | existence | does not exist yet"],
  ],
  [
    "DeleteCertificate",
    () => ({ CertificateId: ending }),
    () => [
      `${about(ending, "example.com")} | existence | issued, expires ${dateOf(ending)}`,
      `${about(ending, "example.com")} | bound resources | 2 CLB, 1 CDN, 1 EdgeOne`,
      ...[...balancers, "CDN domain static.example.com", "EdgeOne host zone-sandboxdemo, www.example.com"].map(serving),
    ],
  ],
  ...["DescribeCertificateDetail", "DownloadCertificate"].map((name) =>
    oneLine(name, () => ending, "example.com", "private key | held by Tencent Cloud, unless made with your own CSR"),
  ),
  [
    "DescribeCSR",
    () => ({ CSRId: 701 }),
    () => ["CSR 701 (www.example.org) | private key | generated, ECC prime256v1"],
  ],
  oneLine("ModifyCertificateAlias", () => ending, "example.com", 'remark | "storefront"', { Alias: "web" }),
  [
    "ModifyCertificateProject",
    () => ({ CertificateIdList: [ending, next], ProjectId: 5 }),
    () => [
      `${about(ending, "example.com")} | project | project 0`,
      `${about(next, "example.com")} | project | project 0`,
    ],
  ],
  oneLine("ModifyCertificateResubmit", () => cloud.cancelled(), "", "status | cancelled"),
  [
    "ReplaceCertificate",
    () => ({ CertificateId: cloud.certificateFor("blog.example.com"), ValidType: "DNS" }),
    () => {
      const id = cloud.certificateFor("blog.example.com");
      return [
        `${about(id, "blog.example.com")} | status | issued`,
        `${about(id, "blog.example.com")} | bound resources | none`,
        `Certificate in place of ${id} | existence | does not exist yet`,
      ];
    },
  ],
  [
    "SubmitCertificateInformation",
    () => ({ CertificateId: secure(), CsrType: "parse", CertificateDomain: "other.example.com" }),
    () => [
      `${about(secure(), "secure.example.com")} | subject | domains secure.example.com, organization "Example Ltd"`,
      `${about(secure(), "secure.example.com")} | key and CSR | generated by Tencent Cloud`,
    ],
  ],
  [
    "UpdateCertificateInstance",
    () => ({ OldCertificateId: ending, CertificateId: next, ResourceTypes: ["clb"] }),
    () => [
      `${about(ending, "example.com")} | bound resources | 2 CLB, 1 CDN, 1 EdgeOne`,
      ...balancers.map(serving),
      `${about(next, "example.com")} | bound resources | none`,
    ],
  ],
  [
    "UpdateCertificateRecordRetry",
    () => ({ DeployRecordId: deployment }),
    () => [`Deployment ${deployment} | deployment | 1 in all: 1 succeeded`],
  ],
  [
    "UpdateCertificateRecordRollback",
    () => ({ DeployRecordId: deployment }),
    () => [
      `Deployment ${deployment} | deployment | 1 in all: 1 succeeded`,
      `CDN domain static.example.com | server certificate | certificate ${next} (example.com, *.example.com, expires ${dateOf(next)})`,
    ],
  ],
  oneLine("UploadConfirmLetter", secure, "secure.example.com", "status | documents in, confirmation letter awaited", {
    ConfirmLetter: "JVBERi0=",
  }),
  [
    "UploadCertificate",
    () => ({ CertificatePublicKey: "-----BEGIN CERTIFICATE-----", Alias: "web" }),
    () => ['Server certificate, remark "web" | existence | does not exist yet'],
  ],
  [
    "BatchDeleteCSR",
    () => ({ CSRIds: [701, 702] }),
    () => [
      "CSR 701 (www.example.org) | existence | generated, ECC prime256v1",
      "CSR 702 (api.example.org) | existence | not generated, ECC prime256v1",
    ],
  ],
  [
    "CreateCSR",
    () => sampleChanges.CreateCSR ?? {},
    () => ["subject", "key and CSR"].map((aspect) => `CSR for new.example.com | ${aspect} | does not exist yet`),
  ],
  [
    "ModifyCSR",
    () => ({ CSRId: 702, Generate: true, Domain: "other.example.org", Remark: "mine" }),
    () => [
      'CSR 702 (api.example.org) | subject | domain api.example.org, organization "Example Ltd", ' +
        'department Operations, city Singapore, province Singapore, country SG, email "ops@example.org"',
      "CSR 702 (api.example.org) | key and CSR | not generated, ECC prime256v1",
      "CSR 702 (api.example.org) | remark | none",
    ],
  ],
  [
    "ModifyHostsCertificate",
    () => ({
      ZoneId: "zone-sandboxdemo",
      Hosts: ["www.example.com", "shop.example.com"],
      Mode: "sslcert",
      ServerCertInfo: [{ CertId: next }],
    }),
    () => [
      serving("EdgeOne host www.example.com (zone-sandboxdemo)"),
      "EdgeOne host shop.example.com (zone-sandboxdemo) | server certificate | none",
    ],
  ],
  [
    "SetCdnDomainSSLCertificate",
    () => sampleChanges.SetCdnDomainSSLCertificate ?? {},
    () => [setTo("CDN domain img.example.com")],
  ],
  [
    "SetVodDomainSSLCertificate",
    () => sampleChanges.SetVodDomainSSLCertificate ?? {},
    () => [setTo("VOD domain vod.example.com")],
  ],
  [
    "SetDcdnDomainSSLCertificate",
    () => sampleCompanionChanges.SetDcdnDomainSSLCertificate ?? {},
    () => [setTo("DCDN domain app.example.com")],
  ],
  [
    "UploadUserCertificate",
    () => sampleCompanionChanges.UploadUserCertificate ?? {},
    () => ["Certificate sample_2027 in Alibaba Cloud's store in mainland China | existence | does not exist yet"],
  ],
  [
    "DeleteDomainHttpsCert",
    () => sampleCompanionChanges.DeleteDomainHttpsCert ?? {},
    () => [
      "Live domain play.example.com | HTTPS | not visible through this API",
      "Live domain play.example.com | redirect | off",
    ],
  ],
  [
    "RevokeCertificate",
    () => ({ CertificateId: cloud.certificateFor("blog.example.com") }),
    () => {
      const about = `Certificate ${cloud.certificateFor("blog.example.com")} (blog.example.com)`;
      return [
        `${about} | status | issued`,
        `${about} | bound resources | none`,
        `${about} | served by | unknown: no domain could be looked at`,
      ];
    },
  ],
  [
    "UpdateDomainHttpsCert",
    () => sampleChanges.UpdateDomainHttpsCert ?? {},
    () => [
      "Live domain play.example.com | HTTPS | not visible through this API",
      "Live domain play.example.com | redirect | off",
    ],
  ],
];

describe("what each operation finds in the account", () => {
  it.each(expected)("%s", async (name, args, found) => {
    expect(lines(await cloud.found(name, args()))).toEqual(found());
  });

  it("covers every operation that changes something", () => {
    const names = allOperations.flatMap(({ name, effect }) => (effect === "read" ? [] : [name]));
    expect(expected.map(([name]) => name).sort()).toEqual(names.sort());
  });
});

it("no private key is ever in what was read", async () => {
  const { certificates, csrs } = cloud.sandbox.account.ssl;
  const keys = [
    ...[...certificates.values()].map(({ material }) => material?.privateKeyPem),
    ...[...csrs.values()].map(({ generated }) => generated?.privateKeyPem),
  ];
  const body = keys.flatMap((pem) => pem?.split("\n").filter((line) => /^[\w+/=]{20,}$/.test(line)) ?? []);
  expect(body.length).toBeGreaterThan(10);
  for (const [name, args] of expected) {
    const text = JSON.stringify(await cloud.found(name, args()));
    expect(text).not.toContain("PRIVATE KEY");
    expect(body.filter((line) => text.includes(line))).toEqual([]);
  }
});
