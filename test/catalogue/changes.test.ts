import { describe, expect, it } from "vitest";
import { z } from "zod";
import { allOperations } from "../../src/catalogue/index.js";
import type { ChangeOperation } from "../../src/catalogue/operation.js";
import { innermost, isDomain, shapeOf } from "../../src/catalogue/params.js";
import { domainValues, holdsDomains, sensitiveValues } from "../../src/catalogue/sensitive.js";
import { sampleCompanionChanges, sampleChanges as sampleToolChanges } from "../support/sample-calls.js";

const sampleChanges = { ...sampleToolChanges, ...sampleCompanionChanges };

const changes = allOperations.flatMap((operation): [string, ChangeOperation][] =>
  operation.effect === "read" ? [] : [[operation.name, operation]],
);

const operationOf = (name: string) => {
  const found = changes.find(([known]) => known === name);
  if (found === undefined) throw new Error(`${name} is no change`);
  return found[1];
};
const parsed = (name: string, args?: Record<string, unknown>) =>
  operationOf(name).params.parse({ ...sampleChanges[name], ...args });
const linesOf = (name: string, args?: Record<string, unknown>) =>
  operationOf(name)
    .plannedChanges(parsed(name, args))
    .map(({ subject, aspect, then }) => `${JSON.stringify(Object.values(subject))} ${aspect} → ${then}`);

describe("every operation that changes something", () => {
  it("has a sample call", () => {
    expect(changes.map(([name]) => name).sort()).toEqual(Object.keys(sampleChanges).sort());
    expect(changes).toHaveLength(30);
  });

  it.each(changes)("%s says what will be different", (name, operation) => {
    const lines = operation.plannedChanges(parsed(name));
    expect(lines).not.toEqual([]);
    for (const { then } of lines) expect(String(then)).toMatch(/\S/);
  });

  it.each(changes)("%s has something typed back exactly when it destroys or spends", (name, operation) => {
    const typed = operation.confirmationText?.(parsed(name));
    expect(typed !== undefined).toBe(["destroy", "purchase"].includes(operation.effect));
    expect(typed?.toString()).not.toBe("");
  });
});

/** Lists of structures in a schema, with whether two of the same may be given. */
function structureLists(schema: z.ZodTypeAny, path: string): { path: string; mayRepeat: boolean }[] {
  const given = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  const inner = innermost(schema);
  if (inner instanceof z.ZodObject) {
    return shapeOf(inner).flatMap(([name, member]) => structureLists(member, `${path}.${name}`));
  }
  if (!(inner instanceof z.ZodArray) || !(innermost(inner.element) instanceof z.ZodObject)) return [];
  return [{ path, mayRepeat: given === inner }, ...structureLists(inner.element, path)];
}

describe("a list of structures in a change", () => {
  const lists = changes.flatMap(([name, { params }]) => structureLists(params, name));

  it("is told apart by a member", () => {
    expect(lists.length).toBeGreaterThan(5);
    expect(lists.filter(({ mayRepeat }) => mayRepeat)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "UpdateCertificateInstance",
      {
        ResourceTypesRegions: [
          { ResourceType: "clb", Regions: ["ap-guangzhou"] },
          { ResourceType: "CLB", Regions: ["ap-singapore"] },
        ],
      },
      "ResourceTypesRegions.1.ResourceType",
    ],
    [
      "ModifyHostsCertificate",
      { ServerCertInfo: [{ CertId: "a" }, { CertId: "b" }, { CertId: "a" }] },
      "ServerCertInfo.2.CertId",
    ],
    ["UploadCertificate", { Tags: [1, 2].map((value) => ({ TagKey: "env", TagValue: `${value}` })) }, "Tags.1.TagKey"],
  ])("%s takes each value of it once", (name, args, path) => {
    const { error } = operationOf(name).params.safeParse({ ...sampleChanges[name], ...args });
    expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
    expect(error?.issues[0]?.message).toMatch(/give it once$/);
  });
});

/** Arguments with every domain name that the schema takes, and many in each list of names. */
function withEveryDomain(schema: z.ZodTypeAny, value: unknown, path = "n"): unknown {
  if (isDomain(schema)) return typeof value === "string" ? value : `${path.toLowerCase()}.example.org`;
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) {
    if (!holdsDomains(inner.element)) return value;
    return Array.from({ length: 30 }, (_, each) => withEveryDomain(inner.element, undefined, `${path}-${each}`));
  }
  if (!(inner instanceof z.ZodObject) || !holdsDomains(inner)) return value;
  const given: Readonly<Record<string, unknown>> = typeof value === "object" ? { ...value } : {};
  return Object.fromEntries([
    ...Object.entries(given),
    ...shapeOf(inner).map(([name, member]) => [name, withEveryDomain(member, given[name], `${path}-${name}`)]),
  ]);
}

describe("every domain name in the arguments is in a line of the plan", () => {
  const naming = changes.filter(([, { params }]) => holdsDomains(params));

  it.each(naming)("%s", (name, operation) => {
    const params = operation.params.parse(withEveryDomain(operation.params, sampleChanges[name]));
    const names = domainValues(operation.params, params);
    expect(names).not.toEqual([]);
    const lines = JSON.stringify(operation.plannedChanges(params));
    expect(names.filter((each) => !lines.includes(each))).toEqual([]);
  });
});

/** Arguments that carry every secret and long text that the operation takes. */
const delicate: Readonly<Record<string, Record<string, unknown>>> = {
  ApplyCertificate: { CsrKeyPassword: "SECRET" },
  ReplaceCertificate: { CsrkeyPassword: "SECRET", CsrType: "Upload", CsrContent: "SECRET" },
  SubmitCertificateInformation: { KeyPassword: "SECRET", CsrContent: "SECRET" },
  UpdateCertificateInstance: { CertificatePublicKey: "SECRET", CertificatePrivateKey: "SECRET" },
  UploadConfirmLetter: { ConfirmLetter: "SECRET" },
  UploadCertificate: { CertificatePublicKey: "SECRET", CertificatePrivateKey: "SECRET", KeyPassword: "SECRET" },
  UploadUserCertificate: {
    Cert: "SECRET",
    Key: "SECRET",
    SignCert: "SECRET",
    SignPrivateKey: "SECRET",
    EncryptCert: "SECRET",
    EncryptPrivateKey: "SECRET",
  },
  CreateCSR: { KeyPassword: "SECRET" },
  ModifyCSR: { KeyPassword: "SECRET" },
  SetCdnDomainSSLCertificate: { SSLProtocol: "on", SSLPub: "SECRET", SSLPri: "SECRET" },
  SetDcdnDomainSSLCertificate: { SSLProtocol: "on", SSLPub: "SECRET", SSLPri: "SECRET" },
  SetVodDomainSSLCertificate: { SSLProtocol: "on", SSLPub: "SECRET", SSLPri: "SECRET" },
  UpdateDomainHttpsCert: {
    certificate: "SECRET",
    certificate_key: "SECRET",
    tls_certificate: { certificate: "SECRET", certificate_key: "SECRET" },
    gm_certificate: {
      sign_certificate: "SECRET",
      sign_certificate_key: "SECRET",
      enc_certificate: "SECRET",
      enc_certificate_key: "SECRET",
    },
  },
};

/** What a person reads of the changes: the certificate that comes is described where they are shown. */
const wordsOf = (changes: ReturnType<ChangeOperation["plannedChanges"]>) =>
  changes.map(({ subject, aspect, then, each }) => {
    const named = "certificate" in subject ? { ...subject, certificate: "" } : subject;
    return [named, aspect, then, each?.then, each?.none];
  });

describe("no secret and no long text is put into words", () => {
  it.each(changes)("%s", (name, operation) => {
    const params = parsed(name, delicate[name]);
    const words = JSON.stringify([
      operation.approvalQuestion(params),
      wordsOf(operation.plannedChanges(params)),
      String(operation.confirmationText?.(params)),
      operation.warnings?.(params),
    ]);
    for (const { value } of sensitiveValues(operation.params, params)) expect(words).not.toContain(value);
    expect(words).not.toContain("SECRET");
  });
});

describe("now → after follows the arguments", () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ["ModifyCertificateAlias", {}, ['["certificate","2Hxefkb5"] remark → "web"']],
    ["ModifyCertificateAlias", { Alias: "" }, ['["certificate","2Hxefkb5"] remark → none']],
    [
      "DeleteCertificate",
      { IsCheckResource: true },
      [
        '["certificate","2Hxefkb5"] existence → deleted, unless a cloud resource uses it',
        '["certificate","2Hxefkb5"] bound resources → as now; any of them prevents the deletion',
      ],
    ],
    [
      "UpdateCertificateInstance",
      { CertificateId: undefined, CertificatePublicKey: "PEM", CertificatePrivateKey: "PEM" },
      [
        '["certificate","fpIhH9PM"] bound resources → CDN: served with the given PEM certificate instead',
        '["new","Certificate given as PEM"] existence → uploaded',
      ],
    ],
    ...[
      { ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore", "ap-singapore"] }] },
      { Regions: ["ap-singapore"] },
    ].map((regions): [string, Record<string, unknown>, readonly string[]] => [
      "UpdateCertificateInstance",
      { ResourceTypes: ["clb", "cdn"], ...regions },
      [
        '["certificate","fpIhH9PM"] bound resources → CLB, CDN (clb in ap-singapore): served with certificate AyqfDJN3 instead',
        '["certificate","AyqfDJN3"] bound resources → as now, and those of fpIhH9PM',
      ],
    ]),
    [
      "UpdateCertificateRecordRetry",
      { DeployRecordDetailId: 7 },
      ['["deployment",1] deployment → failed item 7 deployed again'],
    ],
    [
      "UpdateCertificateRecordRetry",
      { DeployRecordId: undefined, DeployRecordDetailId: 7 },
      ['["deployment-item",7] deployment → failed item 7 deployed again'],
    ],
    [
      "ModifyHostsCertificate",
      { Mode: "sslcert", Hosts: ["a.example.com", "b.example.com"], ServerCertInfo: [{ CertId: "efgh5678" }] },
      ["a.example.com", "b.example.com"].map(
        (host) =>
          `["edgeone-host","zone-sandboxdemo","${host}","efgh5678",["efgh5678"]] server certificate → certificate efgh5678`,
      ),
    ],
    [
      "ModifyHostsCertificate",
      {
        Mode: undefined,
        ClientCertInfo: { Switch: "on", CertInfos: [{ CertId: "ca000001" }] },
        UpstreamCertInfo: {
          UpstreamMutualTLS: { Switch: "off" },
          UpstreamCertificateVerify: { VerificationMode: "custom_ca", CustomCACerts: [{ CertId: "ca000002" }] },
        },
      },
      [
        '["edgeone-host","zone-sandboxdemo","www.example.com"] client CAs → on, CA ca000001',
        '["edgeone-host","zone-sandboxdemo","www.example.com"] origin settings → ' +
          "certificate shown: off; verification: custom_ca, CA ca000002",
      ],
    ],
    [
      "ModifyHostsCertificate",
      { Mode: undefined },
      ['["edgeone-host","zone-sandboxdemo","www.example.com"] server certificate → as now'],
    ],
    [
      "UploadUserCertificate",
      { CertRegion: "ap-southeast-1" },
      ['["new","Certificate sample_2027 in Alibaba Cloud\'s store in Singapore"] existence → uploaded'],
    ],
    [
      "SetCdnDomainSSLCertificate",
      { SSLProtocol: "on", CertName: "web", SSLPub: "PEM", SSLPri: "PEM" },
      [
        '["served-domain","CDN domain img.example.com","img.example.com","alibaba-cdn"] HTTPS → on, with uploaded certificate web',
      ],
    ],
    [
      "UpdateDomainHttpsCert",
      { force_redirect: true },
      [
        '["served-domain","Live domain play.example.com","play.example.com"] HTTPS → international certificate scs1600000000000',
        '["live-domain","Live domain play.example.com","sandboxproject","play.example.com"] redirect → HTTP redirected to HTTPS',
      ],
    ],
  ])("%s %j", (name, args, lines) => expect(linesOf(name, args)).toEqual(lines));

  it.each([
    ["DeleteCertificate", {}, "2Hxefkb5"],
    ["BatchDeleteCSR", { CSRIds: [3, 5] }, "3, 5"],
    ["CreateCertificate", {}, "product 25"],
  ])("%s %j is approved by typing %s", (name, args, typed) => {
    expect(String(operationOf(name).confirmationText?.(parsed(name, args)))).toBe(typed);
  });
});

it("a question about many certificates counts them in Chinese as a person does, and says once that there are more", () => {
  const ids = Array.from({ length: 100 }, (_, index) => `cert${String(index).padStart(4, "0")}`);
  const [name, args] = ["ModifyCertificateProject", { CertificateIdList: ids, ProjectId: 3 }] as const;
  const question = operationOf(name).approvalQuestion(parsed(name, args));
  expect(question.for({ language: "zh-CN" })).toBe(
    "将 100 张证书：cert0000、cert0001、cert0002（另有 97 个）移到项目 3？",
  );
});

describe("arguments that raise the effect are called out", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ["SetCdnDomainSSLCertificate", {}, /stops answering over HTTPS/],
    ["SetVodDomainSSLCertificate", {}, /stops answering over HTTPS/],
    [
      "SetVodDomainSSLCertificate",
      { SSLProtocol: "on", Env: "test" },
      /^Env test means no phased rollout: .* all edge/,
    ],
    [
      "SetVodDomainSSLCertificate",
      { SSLProtocol: "on", Env: "" },
      /^An empty Env means no phased rollout: .* all edge/,
    ],
    ["SetVodDomainSSLCertificate", { SSLProtocol: "on", Env: "staging" }, /^Phased rollout: not every edge node/],
    ["ModifyHostsCertificate", { Mode: "disable" }, /^This host stops answering over HTTPS/m],
    ["ModifyHostsCertificate", { Mode: undefined }, /Without Mode the server certificate stays/],
    ["ModifyHostsCertificate", { Mode: undefined, ApplyType: "apply" }, /may put a free certificate/],
    ["CreateCertificate", {}, /vouchers are used/],
    ["CreateCertificate", { AutoVoucher: 1 }, /vouchers are used/],
    ["CreateCertificate", { AutoVoucher: 0 }, /The price is not known here/],
    ["ApplyCertificate", { DomainName: "*.example.com" }, /without a wildcard, so this will probably be refused/],
    ["CancelCertificateOrder", {}, /The application is lost/],
    ["ReplaceCertificate", {}, /A reissue cannot be undone/],
    ["UpdateDomainHttpsCert", {}, /Without force_redirect/],
    ["UpdateDomainHttpsCert", { force_redirect: false }, /no longer redirected to HTTPS/],
  ])("%s %j", (name, args, warning) => {
    const found = operationOf(name).warnings?.(parsed(name, args)) ?? [];
    expect(found.map(({ says }) => says).join("\n")).toMatch(warning);
  });

  it.each<[string, Record<string, unknown>]>([
    ["DeleteCertificate", {}],
    ["UpdateDomainHttpsCert", { force_redirect: true }],
    ["ApplyCertificate", { DvAuthMethod: "DNS" }],
  ])("%s %j needs no warning", (name, args) => expect(operationOf(name).warnings?.(parsed(name, args))).toEqual([]));
});
