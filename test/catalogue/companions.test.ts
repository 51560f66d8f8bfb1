import { describe, expect, it } from "vitest";
import { z } from "zod";
import { companions } from "../../src/catalogue/companions.js";
import { explainError } from "../../src/catalogue/errors/index.js";
import type { Effect, Operation } from "../../src/catalogue/operation.js";
import { innermost } from "../../src/catalogue/params.js";
import type { Site } from "../../src/catalogue/services.js";
import { createRequestBuilder } from "../../src/cloud/request-builder.js";
import { readData } from "../support/data.js";

/** The companions against what the vendors' official SDKs declare and send (test/data/companions.json). */

type Members = { readonly [name: string]: string | Members };
const members: z.ZodType<Members> = z.lazy(() => z.record(z.union([z.string(), members])));
const { operations, requests } = readData(
  "companions.json",
  z.object({
    operations: z.record(
      z.object({
        service: z.string(),
        params: z.record(z.object({ type: z.string(), required: z.boolean() })),
        result: members,
        errors: z.array(z.string()),
      }),
    ),
    requests: z.record(
      z.object({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string()),
        body: z.string(),
        reply: z.unknown(),
      }),
    ),
  }),
);

/** The members that a schema declares, at any depth; a text for a plain value. */
function membersOf(schema: z.ZodTypeAny): string | Members {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return membersOf(inner.element);
  if (!(inner instanceof z.ZodObject)) return "value";
  const shape: Record<string, z.ZodTypeAny> = inner.shape;
  return Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, membersOf(member)]));
}

/** Names in `declared` that the SDK does not know, with their paths. */
function unknownIn(declared: string | Members, known: string | Members | undefined, path: string): string[] {
  if (typeof declared === "string") return typeof known === "string" ? [] : [path];
  if (known === undefined || typeof known === "string") return [path];
  return Object.entries(declared).flatMap(([name, member]) => unknownIn(member, known[name], `${path}.${name}`));
}

/** Parameters that a companion does not offer, as docs/limits.md says: no job needs them, and conversations pay for each. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  DescribeUserDomains: ["ChangeEndTime", "ChangeStartTime", "Tag"],
  DescribeDcdnUserDomains: ["ChangeEndTime", "ChangeStartTime", "Tag"],
  DescribeVodUserDomains: ["Tag"],
  UploadUserCertificate: ["Tags"],
};

/** The companions that change something, and what. */
const changing = new Map<string, Effect>([
  ["DeleteDomainHttpsCert", "traffic"],
  ["RevokeCertificate", "destroy"],
  ["SetDcdnDomainSSLCertificate", "traffic"],
  ["UploadUserCertificate", "create"],
]);

it("are those that the SDKs were read for", () =>
  expect(companions.map(({ name }) => name).sort()).toEqual(Object.keys(operations).sort()));

describe.each(companions.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  const official = operations[name];

  it("leaves out no parameter of the SDK without saying so", () => {
    const offered = [...Object.keys(operation.params.shape), ...Object.keys(operation.fixedParams ?? {})];
    const missing = Object.keys(official?.params ?? {}).filter((parameter) => !offered.includes(parameter));
    expect(missing).toEqual(leftOut[name] ?? []);
  });

  it("takes parameters that the SDK has, and requires those that it requires", () => {
    expect(official?.service).toBe(operation.service.id);
    const { [operation.stores?.parameter ?? ""]: _, ...shape }: Record<string, z.ZodTypeAny> = operation.params.shape;
    expect(Object.keys(official?.params ?? {})).toEqual(
      expect.arrayContaining(Object.keys(operation.fixedParams ?? {})),
    );
    expect(Object.keys(official?.params ?? {})).toEqual(expect.arrayContaining(Object.keys(shape)));
    const required = Object.entries(shape).flatMap(([parameter, schema]) => (schema.isOptional() ? [] : [parameter]));
    const requiredBySdk = Object.entries(official?.params ?? {}).flatMap(([parameter, about]) =>
      about.required ? [parameter] : [],
    );
    expect(required.sort()).toEqual(requiredBySdk.sort());
  });

  it("reads members that the SDK has", () => {
    const result = { ...official?.result, RequestId: "String" };
    expect(unknownIn(membersOf(operation.result), result, "")).toEqual([]);
  });

  it("knows the SDK's codes, each with its meaning", () => {
    expect([...operation.errors].sort()).toEqual([...(official?.errors ?? [])].sort());
    for (const code of operation.errors) expect(explainError(operation.service, code)?.means, code).toBeDefined();
  });

  it("changes nothing, or is a known change, and has an example", () => {
    expect(operation.effect).toBe(changing.get(name) ?? "read");
    expect(operation.params.safeParse(operation.example).success).toBe(true);
  });
});

/** The vectors' made-up key, which signed the SDK's requests too. */
const { vectors } = readData(
  "vectors.json",
  z.object({ vectors: z.array(z.object({ signer: z.string(), credentials: z.record(z.string()) }).passthrough()) }),
);
const huaweiVector = vectors.find(({ signer }) => signer === "SDK-HMAC-SHA256");
const huaweiKeys = {
  id: huaweiVector?.credentials.ak ?? "",
  key: huaweiVector?.credentials.sk ?? "",
};
const keys = { id: "AKIDvector0000000000000000000000MADEUP", secret: "madeup" };
const credentials = {
  tencent: { id: keys.id, key: keys.secret },
  alibaba: { id: "LTAI5tVectorMadeUp000000", key: keys.secret },
  huawei: huaweiKeys,
};
const build = (site: Site) => {
  const buildRequest = createRequestBuilder({
    site,
    regions: {},
    endpoints: {},
    tencentSignature: "TC3-HMAC-SHA256",
    nonce: () => "nonce",
    redact: (text: string) => text,
  });
  return (operation: Operation, params: Record<string, unknown>) => buildRequest(operation, params, credentials);
};

describe("the certificate stores", () => {
  const sent = (name: string, params: Record<string, unknown>) => {
    const operation = companions.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`${name} is no companion`);
    const request = build("intl")(operation, operation.params.parse(params)).sign(new Date("2025-06-15T08:30:45Z"));
    return { ...request, params: Object.fromEntries(new URLSearchParams(request.body)) };
  };

  it.each([
    [{}, "https://cas.aliyuncs.com"],
    [{ CertRegion: "cn-hangzhou" }, "https://cas.aliyuncs.com"],
    [{ CertRegion: "ap-southeast-1" }, "https://cas.ap-southeast-1.aliyuncs.com"],
  ])("of Alibaba Cloud are told apart by %j, which is not sent", (region, origin) => {
    expect(sent("ListUserCertificateOrder", { OrderType: "CERT", ...region })).toMatchObject({
      origin,
      path: "/",
      params: { OrderType: "CERT" },
    });
  });

  it("never ask for a key, and nobody can have it asked for", () => {
    expect(sent("GetUserCertificateDetail", { CertId: 7, CertRegion: "ap-southeast-1" }).params).toEqual({
      CertId: "7",
      CertFilter: "true",
    });
    expect(() => sent("GetUserCertificateDetail", { CertId: 7, CertFilter: false })).toThrow("CertFilter");
  });

  it("show no key that comes all the same", () => {
    const operation = companions.find(({ name }) => name === "GetUserCertificateDetail");
    if (operation === undefined) throw new Error("it is no companion");
    const secrets = { Key: "SECRET", SignPrivateKey: "SECRET", EncryptPrivateKey: "SECRET" };
    const body = JSON.stringify({ RequestId: "r", Id: 7, Name: "shop", ...secrets, Nested: secrets });
    const read = build("intl")(operation, { CertId: 7 }).decode({ status: 200, headers: {}, body });
    expect(JSON.stringify(read)).not.toContain("SECRET");
    expect(read).toMatchObject({ ok: true, result: { Id: 7, Name: "shop" } });
  });

  it("get a key in the body, and not in the URL that gateways log", () => {
    const request = sent("UploadUserCertificate", { Name: "shop", Cert: "PEM", Key: "SECRET" });
    expect(request.params).toEqual({ Name: "shop", Cert: "PEM", Key: "SECRET" });
    expect(request.path).toBe("/");
  });
});

/** Parameters wherever they are: query, form or JSON body. */
const paramsIn = (url: URL, body: string) =>
  Object.fromEntries(
    [
      ...url.searchParams,
      ...(body.startsWith("{")
        ? Object.entries(z.record(z.unknown()).parse(JSON.parse(body)))
        : new URLSearchParams(body)),
    ].map(([name, value]) => [name, typeof value === "object" ? value : String(value)]),
  );

describe.each(Object.entries(requests))("the SDK's request for %s", (name, sent) => {
  const operation = companions.find((each) => each.name === name);
  const url = new URL(sent.url);

  it("goes to the same address with the same parameters as ours", () => {
    if (operation === undefined) throw new Error(`${name} is no companion`);
    const { project_id } = z.object({ project_id: z.string().optional() }).parse({
      project_id: sent.headers["x-project-id"],
    });
    const given = operation.params.parse({ ...paramsIn(url, sent.body), ...(project_id && { project_id }) });
    const site = url.host.includes(".intl.") || operation.service.cloud !== "tencent" ? "intl" : "mainland";
    const request = build(site)(operation, given).sign(new Date("2025-06-15T08:30:45Z"));
    const ours = new URL(request.path, request.origin);
    expect([request.method, ours.host, ours.pathname]).toEqual([sent.method, url.host, url.pathname]);
    expect(paramsIn(ours, request.body)).toEqual(paramsIn(url, sent.body));
    if (operation.service.cloud === "huawei") expect(request.headers.authorization).toBe(sent.headers.authorization);
    for (const header of [
      "x-tc-action",
      "x-tc-version",
      "x-acs-action",
      "x-acs-version",
      "x-project-id",
      "x-sdk-date",
    ]) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([key, value]) => [key.toLowerCase(), value]),
      );
      expect(headers[header], header).toBe(sent.headers[header]);
    }
  });

  it("has a reply that we read without a value of another type", () => {
    const { Response: inResponse, ...rest } = z
      .object({ Response: z.unknown().optional() })
      .passthrough()
      .parse(sent.reply === "" ? {} : sent.reply);
    expect(operation?.result.safeParse(inResponse ?? rest).error?.issues ?? []).toEqual([]);
  });
});
