import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorStatus, errorTables, explainError } from "../../src/catalogue/errors/index.js";
import { errorKinds } from "../../src/catalogue/errors/kinds.js";
import {
  alibabaCdn,
  alibabaVod,
  huaweiLive,
  type Service,
  tencentEdgeone,
  tencentSsl,
} from "../../src/catalogue/services.js";

interface Coded {
  readonly code: string;
  readonly httpStatus: number;
}

interface Reference {
  readonly ssl: Readonly<Record<string, { readonly errors: readonly string[] }>>;
  readonly edgeone: { readonly errors: { readonly ModifyHostsCertificate: readonly string[] } };
  readonly alibaba: Readonly<
    Record<"SetCdnDomainSSLCertificate" | "SetVodDomainSSLCertificate", { readonly errors: readonly Coded[] }>
  >;
  readonly huawei: { readonly UpdateDomainHttpsCert: { readonly errors: readonly Coded[] } };
  readonly tencentErrors: { readonly common: readonly string[]; readonly sslService: readonly string[] };
}

const reference: Reference = JSON.parse(readFileSync(new URL("../data/operations.json", import.meta.url), "utf8"));

const { common, sslService } = reference.tencentErrors;
const perOperation = Object.values(reference.ssl).flatMap(({ errors }) => errors);
const cdn = reference.alibaba.SetCdnDomainSSLCertificate.errors;
const vod = reference.alibaba.SetVodDomainSSLCertificate.errors;
const live = reference.huawei.UpdateDomainHttpsCert.errors;
const codesOf = (list: readonly Coded[]) => list.map(({ code }) => code);

const documented: readonly [string, Service, readonly string[]][] = [
  ["Tencent Cloud, shared, seen from SSL", tencentSsl, common],
  ["Tencent Cloud, shared, seen from EdgeOne", tencentEdgeone, common],
  ["Tencent Cloud SSL, the service", tencentSsl, sslService],
  ["Tencent Cloud SSL, its operations", tencentSsl, perOperation],
  ["Tencent Cloud EdgeOne", tencentEdgeone, reference.edgeone.errors.ModifyHostsCertificate],
  ["Alibaba Cloud CDN", alibabaCdn, codesOf(cdn)],
  ["Alibaba Cloud VOD", alibabaVod, codesOf(vod)],
  ["Huawei Cloud Live", huaweiLive, codesOf(live)],
];

const isKnownExactly = (service: Service, code: string) =>
  errorTables[service.id].some((table) => Object.hasOwn(table, code));

describe("the documented codes", () => {
  it.each(documented)("%s: every one is in a table", (_name, service, codes) => {
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !isKnownExactly(service, code))).toEqual([]);
  });

  it("have the documented HTTP status", () => {
    const wrong = (service: Service, list: readonly Coded[]) =>
      list.filter(({ code, httpStatus }) => errorStatus(service, code) !== httpStatus);
    expect([...wrong(alibabaCdn, cdn), ...wrong(alibabaVod, vod), ...wrong(huaweiLive, live)]).toEqual([]);
  });

  it("stand in one table of a service only", () => {
    for (const [first, second] of [errorTables["tencent-ssl"], errorTables["tencent-edgeone"]]) {
      expect(Object.keys(first ?? {}).filter((code) => Object.hasOwn(second ?? {}, code))).toEqual([]);
    }
  });
});

describe("the codes that the lists lack", () => {
  it.each([
    ["Throttling.User", alibabaCdn, "throttled"],
    ["Throttling.Api", alibabaVod, "throttled"],
    ["InvalidAccessKeyId.NotFound", alibabaCdn, "credential"],
    ["SignatureDoesNotMatch", alibabaCdn, "credential"],
    ["InvalidSecurityToken.Expired", alibabaCdn, "credential"],
    ["InvalidTimeStamp.Expired", alibabaCdn, "clock"],
    ["SignatureNonceUsed", alibabaCdn, "temporary"],
    ["Forbidden.RAM", alibabaVod, "permission"],
    ["MissingParameter", alibabaVod, "input"],
    ["InvalidAction.NotFound", alibabaVod, "unsupported"],
    ["InvalidVersion", alibabaVod, "unsupported"],
    ["LIVE.100011013", huaweiLive, "permission"],
    ["LIVE.100011014", huaweiLive, "credential"],
    ["LIVE.103011022", huaweiLive, "state"],
    ["APIGW.0301", huaweiLive, "credential"],
    ["APIG.0308", huaweiLive, "throttled"],
    ["APIGW.0302", huaweiLive, "permission"],
    ["APIGW.0305", huaweiLive, "credential"],
    ["APIG.0802", huaweiLive, "permission"],
    ["ServiceBusy", alibabaCdn, "busy"],
    ["FlowControlError", alibabaCdn, "throttled"],
    ["NoPermission", alibabaVod, "permission"],
    ["InvalidAccountStatus.NotEnoughBalance", alibabaCdn, "state"],
  ])("are known: %s", (code, service, kind) => {
    expect(isKnownExactly(service, code)).toBe(true);
    expect(explainError(service, code)?.kind).toBe(kind);
  });
});

describe("a code that is in no table", () => {
  it.each([
    ["InvalidParameterValue.Foo", "InvalidParameterValue"],
    ["InvalidParameterValue.Foo.Bar", "InvalidParameterValue"],
    ["RequestLimitExceeded.Foo", "RequestLimitExceeded"],
    ["LimitExceeded.RateLimitExceeded.Foo", "LimitExceeded.RateLimitExceeded"],
    ["AuthFailure.Foo", "AuthFailure"],
    ["InternalServerError.Foo", "InternalServerError"],
  ])("is read by its longest prefix: %s", (code, prefix) => {
    expect(explainError(tencentSsl, code)).toEqual(explainError(tencentSsl, prefix));
    expect(explainError(tencentSsl, code)).toBeDefined();
  });

  it.each([
    ["Foo.Throttling.Bar", "throttled"],
    ["ThrottlingFoo", "throttled"],
    ["Forbidden", "permission"],
    ["Forbidden.Foo", "permission"],
    ["Foo.MissingParameter", "input"],
    ["MissingFoo", "input"],
    ["InvalidFoo.TooLong", "input"],
    ["InvalidFoo", "input"],
    ["InvalidFoo.NotFound", "not-found"],
    ["InvalidAccessKeyId.Foo", "credential"],
    ["InvalidTimeStamp.Foo", "clock"],
    ["InvalidFooStatus.Bar", "state"],
    ["UnauthorizedFoo", "permission"],
    ["FlowControlFoo", "throttled"],
  ])("is read by its form on Alibaba Cloud: %s", (code, kind) => {
    expect(isKnownExactly(alibabaCdn, code)).toBe(false);
    expect(explainError(alibabaCdn, code)?.kind).toBe(kind);
    expect(explainError(alibabaVod, code)?.kind).toBe(kind);
  });

  it.each(["APIGW.0399", "APIG.0401", "APIGW.0899"])("is read by its number on Huawei Cloud: %s", (code) => {
    expect(explainError(huaweiLive, code)?.kind).toBe("permission");
  });

  it("is read by the message first, then by its form, then by the status", () => {
    const said = { message: "Request was denied due to user flow control.", httpStatus: 403 };
    expect(explainError(alibabaCdn, "InvalidFoo", said)?.kind).toBe("throttled");
    expect(explainError(alibabaCdn, "InvalidFoo", { httpStatus: 403 })?.kind).toBe("input");
    expect(explainError(alibabaCdn, "Foo", { httpStatus: 403 })?.kind).toBe("permission");
    expect(explainError(alibabaCdn, "Foo", { httpStatus: 500 })).toBeUndefined();
    expect(explainError(alibabaCdn, "InvalidSSLPub", said)?.kind).toBe("input");
    // Another cloud's sentence says nothing here.
    expect(explainError(huaweiLive, "Foo", { message: said.message })).toBeUndefined();
  });

  it("and fits nothing stays unexplained", () => {
    for (const code of ["", ".", "Foo", "constructor", "toString.Foo", "__proto__"]) {
      for (const service of [tencentSsl, tencentEdgeone, alibabaCdn, alibabaVod, huaweiLive]) {
        expect(explainError(service, code)).toBeUndefined();
        expect(errorStatus(service, code)).toBeUndefined();
      }
    }
    expect(explainError(tencentSsl, "Throttling")).toBeUndefined();
    expect(explainError(huaweiLive, "LIVE.999999999")).toBeUndefined();
  });
});

describe("the next step", () => {
  it("is the fact's own, else its kind's", () => {
    expect(explainError(tencentSsl, "FailedOperation.CertificateDeployHasPendingRecord")?.next).toContain(
      "wait_for (deployment)",
    );
    expect(explainError(tencentSsl, "MissingParameter")?.next).toBe(errorKinds.input.next);
  });

  it("never is to repeat blindly where the write may have happened", () => {
    const codes: [Service, string][] = [
      [tencentSsl, "InternalError"],
      [tencentSsl, "InternalServerError"],
      [tencentSsl, "FailedOperation.NetworkError"],
      [tencentEdgeone, "InternalError.SystemError"],
      [alibabaCdn, "CertStorage.failed"],
      [alibabaVod, "CreateCertificateFailed"],
      [huaweiLive, "LIVE.100011005"],
    ];
    for (const [service, code] of codes) {
      const explained = explainError(service, code);
      expect(explained?.mayHaveChanged, code).toBe(true);
      expect(explained?.next, code).toMatch(/before|first/);
    }
  });
});

describe("the texts", () => {
  const facts = Object.entries(errorTables).flatMap(([id, tables]) =>
    tables.flatMap((table) => Object.entries(table).map(([code, fact]) => ({ at: `${id} ${code}`, ...fact }))),
  );
  const texts = [
    ...facts.flatMap(({ at, means, next }) => [
      { at, text: means },
      ...(next === undefined ? [] : [{ at, text: next }]),
    ]),
    ...Object.entries(errorKinds).map(([at, { next: text }]) => ({ at, text })),
  ];

  it("are neither scant nor long, and whole sentences", () => {
    for (const { at, text } of texts) {
      expect(text.length, at).toBeGreaterThanOrEqual(15);
      expect(text.length, at).toBeLessThanOrEqual(220);
      expect(text, at).toMatch(/^[A-Z0-9].*\.$/);
    }
  });

  it("hold no word that would help around the gate", () => {
    const helpful = texts.filter(({ text }) => /--|CLOUDCERT_|approve/i.test(text));
    expect(helpful).toEqual([]);
  });
});
