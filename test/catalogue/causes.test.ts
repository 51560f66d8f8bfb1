import { describe, expect, it } from "vitest";
import { consoleCheck, diagnosisOf, explanationOf, explanationsOf } from "../../src/catalogue/errors/explanation.js";
import { codesOf, entryOf, errorTables } from "../../src/catalogue/errors/index.js";
import { errorKinds } from "../../src/catalogue/errors/kinds.js";
import { operations } from "../../src/catalogue/index.js";
import {
  alibabaCdn,
  alibabaDcdn,
  alibabaVod,
  huaweiLive,
  type Service,
  services,
  tencentEdgeone,
  tencentSsl,
} from "../../src/catalogue/services.js";
import { ownTools } from "../../src/tools/index.js";

const everyCode = services.flatMap((service) => codesOf(service).map((code) => ({ service, code })));

const withCauses = everyCode.filter(({ service, code }) => entryOf(service, code)?.fact.causes !== undefined);

describe("codes with causes of their own", () => {
  it("are at least 60, on every cloud, and all of them are known codes", () => {
    expect(new Set(withCauses.map(({ code }) => code)).size).toBeGreaterThanOrEqual(60);
    for (const [id, atLeast] of [
      ["tencent-ssl", 35],
      ["tencent-edgeone", 15],
      ["alibaba-cdn", 25],
      ["alibaba-dcdn", 25],
      ["alibaba-vod", 25],
      ["huawei-live", 10],
    ] as const) {
      expect(withCauses.filter(({ service }) => service.id === id).length, id).toBeGreaterThanOrEqual(atLeast);
    }
    expect(withCauses.filter(({ service, code }) => entryOf(service, code)?.code !== code)).toEqual([]);
  });

  it("are found, and not those of the kind", () => {
    for (const { service, code } of withCauses) {
      const entry = entryOf(service, code);
      expect(entry && diagnosisOf(service, entry.fact).causes, code).not.toBe(
        errorKinds[entry?.fact.kind ?? "input"].causes,
      );
    }
  });
});

describe("the lists", () => {
  const diagnoses = [
    ...withCauses.map(({ service, code }) => [code, { causes: [], ...entryOf(service, code)?.fact }] as const),
    ...Object.entries(errorKinds),
  ];
  const consoles = Object.values(consoleCheck).flatMap((checks) => Object.entries(checks));
  const texts = [
    ...diagnoses.flatMap(([at, { causes, checks = [] }]) => [...causes, ...checks].map((text) => ({ at, text }))),
    ...consoles.map(([at, text]) => ({ at, text })),
  ];

  it("have 1 to 5 items for every code of every service", () => {
    for (const { service, code } of everyCode) {
      const explanation = explanationOf(service, code);
      for (const list of [explanation?.causes ?? [], explanation?.checks ?? []]) {
        expect(list.length, code).toBeGreaterThanOrEqual(1);
        expect(list.length, code).toBeLessThanOrEqual(5);
        expect(new Set(list).size, code).toBe(list.length);
      }
    }
  });

  it("hold sentences of at most 160 characters", () => {
    expect(texts.length).toBeGreaterThan(250);
    for (const { at, text } of texts) {
      expect(text.length, at).toBeLessThanOrEqual(160);
      expect(text, at).toMatch(/^[A-Z0-9a-z].*\.$/);
    }
  });

  it("repeat neither what a code means nor the next step", () => {
    const facts = Object.values(errorTables).flatMap((tables) => tables.flatMap((table) => Object.values(table)));
    const said = new Set([
      ...facts.flatMap(({ means, next }) => [means, next]),
      ...Object.values(errorKinds).map(({ next }) => next),
    ]);
    expect(texts.filter(({ text }) => said.has(text))).toEqual([]);
  });

  it("hold no word that would help around the gate", () => {
    expect(texts.filter(({ text }) => /--|CLOUDCERT_|approv/i.test(text))).toEqual([]);
  });

  it("name only operations and tools that exist", () => {
    const known = new Set([...operations, ...ownTools].map(({ name }) => name));
    const verbs = /\b(?:Describe|Create|Update|Modify|Delete|Download|Upload|Apply|Replace|Cancel|Set|Batch)[A-Z]\w+/g;
    for (const { at, text } of texts) {
      const named = [...(text.match(verbs) ?? []), ...(text.match(/\b[a-z]+_[a-z]+_?[a-z]*\b/g) ?? [])];
      // Members of Huawei Cloud's requests are in snake case as well.
      const members = [
        "tls_certificate",
        "certificate_key",
        "cert_id",
        "project_id",
        "error_msg",
        "private_key",
        "certificate_id",
      ];
      expect(
        named.filter((name) => !known.has(name) && !members.includes(name)),
        at,
      ).toEqual([]);
    }
  });
});

describe("whether a repeat helps", () => {
  const retryOf = (service: Service, code: string) => explanationOf(service, code)?.retry;

  it.each([
    [tencentSsl, "RequestLimitExceeded", /^Yes, after a pause/],
    [alibabaCdn, "Throttling.User", /^Yes, after a pause/],
    [tencentEdgeone, "OperationDenied.ConfigLocked", /^Yes, once/],
    [alibabaVod, "Certificate.MissMatch", /^No, not until the arguments/],
    [huaweiLive, "LIVE.103011019", /^No, not until the identifier/],
    [tencentSsl, "FailedOperation.CannotBeDeletedWithinHour", /^Yes, an hour after/],
    [tencentSsl, "FailedOperation", /^No.* read first/],
    [huaweiLive, "LIVE.100011006", /^Yes, after a pause/],
  ] as const)("%o %s", (service, code, said) => {
    expect(retryOf(service, code)).toMatch(said);
  });

  it("is never a plain yes where a change may have been made", () => {
    const unclear = everyCode.filter(({ service, code }) => entryOf(service, code)?.fact.mayHaveChanged);
    expect(unclear.length).toBeGreaterThan(20);
    for (const { service, code } of unclear) expect(retryOf(service, code), code).toMatch(/read first/);
  });
});

describe("an explanation", () => {
  it("lists the operations whose documents have the code", () => {
    const listed = explanationOf(tencentSsl, "FailedOperation.CertificateDeployInstanceEmpty")?.documentedFor;
    expect(listed).toEqual(["UpdateCertificateInstance"]);
    expect(explanationOf(huaweiLive, "APIGW.0301")?.documentedFor).toEqual([]);
  });

  it("is one for services that share the code, and one each where they differ", () => {
    const [shared, ...others] = explanationsOf(services, "Certificate.MissMatch");
    expect(shared?.services).toEqual([alibabaCdn, alibabaDcdn, alibabaVod]);
    expect(shared?.documentedFor).toEqual(["SetCdnDomainSSLCertificate", "SetVodDomainSSLCertificate"]);
    expect(others).toEqual([]);
    const different = explanationsOf(services, "FailedOperation.CertificateNotFound");
    expect(different.map(({ services: by }) => by)).toEqual([[tencentSsl], [tencentEdgeone]]);
  });

  it("says when only the first part or the form of the code was read", () => {
    const partly = explanationOf(tencentSsl, "AuthFailure.Foo");
    expect(partly).toMatchObject({ known: false, code: "AuthFailure.Foo" });
    expect(partly?.meaning).toContain("first part, AuthFailure:");
    expect(explanationOf(alibabaCdn, "Forbidden.Foo")?.meaning).toContain("by its form");
    expect(explanationOf(huaweiLive, "LIVE.999999999")).toBeUndefined();
  });
});
