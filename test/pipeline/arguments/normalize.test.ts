import { describe, expect, it } from "vitest";
import {
  setCdnDomainSSLCertificate,
  setDcdnDomainSSLCertificate,
  setVodDomainSSLCertificate,
} from "../../../src/catalogue/alibaba-edges.js";
import { showCertificateInfo } from "../../../src/catalogue/huawei-live/show-certificate-info.js";
import type { Operation } from "../../../src/catalogue/operation.js";
import { choice, struct } from "../../../src/catalogue/params.js";
import { applyCertificate } from "../../../src/catalogue/tencent-ssl/apply-certificate.js";
import { describeCertificateBindResourceTaskDetail } from "../../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeDeleteCertificatesTaskResult } from "../../../src/catalogue/tencent-ssl/describe-delete-certificates-task-result.js";
import { describeHostUpdateRecordDetail } from "../../../src/catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { modifyCSR } from "../../../src/catalogue/tencent-ssl/modify-csr.js";
import { replaceCertificate } from "../../../src/catalogue/tencent-ssl/replace-certificate.js";
import { parseArguments, parseWithNotes } from "../../../src/pipeline/validate-arguments.js";
import { deleteUnusedCertificates } from "../../../src/tools/delete-unused.js";
import { deployCertificate } from "../../../src/tools/deploy-certificate.js";
import { explainErrorTool } from "../../../src/tools/explain-error.js";
import { findCertificates } from "../../../src/tools/find-certificates.js";
import { proposeStandingApproval } from "../../../src/tools/propose-standing-approval.js";
import { waitFor } from "../../../src/tools/wait-for.js";

const parsed = (args: Record<string, unknown>) => parseArguments(deployCertificate, args);

describe("an id as an argument of our own tools", () => {
  it.each([
    [" fpIhH9PM", "fpIhH9PM"],
    ['"AyqfDJN3"', "AyqfDJN3"],
    ["ID: AyqfDJN3", "AyqfDJN3"],
    ["Certificate ID：`AyqfDJN3` ", "AyqfDJN3"],
    [8089870, "8089870"],
    ["8089870-cn-hangzhou", "8089870-cn-hangzhou"],
  ])("is taken without what stands around it, also as a number: %j", (written, id) => {
    expect(parsed({ certificate_id: written, replaces: written })).toEqual({ certificate_id: id, replaces: id });
    expect(parsed({ targets: [{ zone_id: written }] })).toEqual({ targets: [{ zone_id: id }] });
  });

  it("keeps the name of a certificate as it is", () => {
    expect(parsed({ replaces: "证书 2026, identity" })).toEqual({ replaces: "证书 2026, identity" });
  });

  it.each([
    ["file:wild.crt", "a reference"],
    ["vault:abc", "a reference"],
    ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "PEM"],
  ])("is no reference and no PEM: %j", (written, what) => {
    expect(() => parsed({ certificate_id: written })).toThrow(
      `certificate_id: it is ${what} and no id: pass it as certificate, where a tool takes one`,
    );
  });
});

describe("a list of ids that narrows a call", () => {
  it.each(["none", "null"])(
    "keeps its only item, whatever that is called: without it, the call would go further: %s",
    (id) => {
      expect(parseArguments(deleteUnusedCertificates, { certificate_ids: [id] })).toEqual({ certificate_ids: [id] });
    },
  );
});

describe("a zero below the least number, as a proxy fills it in for what a model left out", () => {
  it.each([0, "0"])("is left out by our own reads, which say so: %j", (zero) => {
    const { params, notes } = parseWithNotes(findCertificates, { limit: zero, domain: "a.example.com" });
    expect(params).toEqual({ domain: "a.example.com" });
    expect(notes).toEqual([expect.stringMatching(/^Left out, because .*\b0 below the least number.*: limit \(0\)\.$/)]);
  });

  it.each([0, "0"])("is refused by what changes something: without a bound, it would go further: %j", (zero) => {
    const bounded = {
      domains: ["example.com"],
      services: ["tencent-ssl"],
      from_store: true,
      least_gain_days: 1,
      replace_within_days: zero,
      uses_a_day: 1,
      uses: 9,
      last_day: "2027-06-01",
    };
    expect(() => parseArguments(proposeStandingApproval, bounded)).toThrow("replace_within_days");
  });

  it.each([0, "0"])("is a time like any other where a wait may be none: %j", (zero) => {
    const look = { what: "certificate", id: "AyqfDJN3", timeout_seconds: zero };
    expect(parseArguments(waitFor, look)).toMatchObject({ timeout_seconds: 0 });
  });

  it("stays where it is a number like any other, and where the operation is a vendor's", () => {
    expect(parsed({ wait_seconds: 0 })).toEqual({ wait_seconds: 0 });
    expect(() => parseArguments(findCertificates, { limit: -1 })).toThrow("limit");
    expect(() => parseArguments(showCertificateInfo, { project_id: "p", limit: 0 })).toThrow("limit");
  });
});

describe("a number for a text of the API that looks like one", () => {
  const csr = { CSRId: 1, Generate: false };
  const numbers: readonly (readonly [Operation, Record<string, unknown>, Record<string, unknown>])[] = [
    [describeCertificateBindResourceTaskDetail, { TaskId: 1251001 }, { TaskId: "1251001" }],
    [describeCertificateBindResourceTaskResult, { TaskIds: [1251001] }, { TaskIds: ["1251001"] }],
    [describeDeleteCertificatesTaskResult, { TaskIds: 7 }, { TaskIds: ["7"] }],
    [describeHostUpdateRecordDetail, { DeployRecordId: 9, Limit: 1 }, { DeployRecordId: "9", Limit: "1" }],
    [modifyCSR, { ...csr, KeyParameter: 4096 }, { ...csr, KeyParameter: "4096" }],
    [
      replaceCertificate,
      { CertificateId: "abcd1234", ValidType: "DNS", CertCSRKeyParameter: 2048 },
      { CertificateId: "abcd1234", ValidType: "DNS", CertCSRKeyParameter: "2048" },
    ],
    [
      applyCertificate,
      { DvAuthMethod: "DNS", DomainName: "a.example.com", PackageType: 83, CsrKeyParameter: 2048 },
      { DvAuthMethod: "DNS", DomainName: "a.example.com", PackageType: "83", CsrKeyParameter: "2048" },
    ],
  ];
  it.each(numbers.map(([operation, written, sent]) => ({ operation, written, sent })))(
    "is accepted by $operation.name and sent as text",
    ({ operation, written, sent }) => {
      expect(parseArguments(operation, written)).toEqual(sent);
    },
  );

  it("is refused where its digits were lost, and where it is no value", () => {
    const task = { TaskId: 2 ** 61 };
    expect(() => parseArguments(describeCertificateBindResourceTaskDetail, task)).toThrow("beyond 2^53");
    expect(() => parseArguments(modifyCSR, { ...csr, KeyParameter: 1024 })).toThrow("'prime256v1', received '1024'");
  });
});

describe("Env of Alibaba Cloud, of which only staging means something", () => {
  const off = { DomainName: "vod.example.com", SSLProtocol: "off" };
  it.each([setVodDomainSSLCertificate, setDcdnDomainSSLCertificate])(
    "is passed on by $name, where any other value is a normal rollout",
    (operation) => {
      expect(parseArguments(operation, { ...off, Env: "production" })).toEqual({ ...off, Env: "production" });
      expect(parseArguments(operation, { ...off, Env: "Staging" })).toEqual({ ...off, Env: "staging" });
    },
  );

  it("is refused by CDN, which has a code for that", () => {
    expect(() => parseArguments(setCdnDomainSSLCertificate, { ...off, Env: "production" })).toThrow(
      "Env: Invalid enum",
    );
  });
});

describe("one value", () => {
  it("may be the only item of a list", () => {
    const args = { domain: ["www.example.com"], service: ["alibaba-cdn"] };
    expect(parseArguments(findCertificates, args)).toEqual({ domain: "www.example.com", service: "alibaba-cdn" });
    expect(() => parseArguments(findCertificates, { service: ["alibaba-cdn", "alibaba-vod"] })).toThrow(
      /^The arguments/,
    );
  });

  it("may have other separators than the documented one", () => {
    expect(parseArguments(findCertificates, { service: "Tencent_SSL" })).toEqual({ service: "tencent-ssl" });
  });
});

describe("what does not fit is answered with what would", () => {
  it.each([
    [{ service: "EdgeOne" }, "did you mean tencent-edgeone?"],
    [{ service: "alibaba-cnd" }, "did you mean alibaba-cdn?"],
  ])("a value: %j", (args, meant) => {
    expect(() => parseArguments(findCertificates, args)).toThrow(meant);
  });

  it("a missing choice, with its values", () => {
    expect(() => parseArguments(waitFor, {})).toThrow(/what: Required, one of 'certificate', 'update'/);
  });

  it.each([
    [{ chain: "file:chain.crt" }, "the chain goes into certificate, in one text or file after the leaf"],
    [{ cert: "file:a.crt" }, "did you mean certificate?"],
    [{ key: "file:a.key" }, "did you mean private_key?"],
    [{ key_password: "env:PASS" }, 'the reference to the key: "file:PATH;password=env:NAME"'],
    [{ domains: ["www.example.com"] }, 'name them in targets: [{"domains": ["…"]}]'],
  ])("a member of another tool: %j", (args, meant) => {
    expect(() => parsed(args)).toThrow(meant);
  });
});

describe("a product that is no service here", () => {
  const named = (service: string) => () => parsed({ targets: [{ service, domains: ["a.example.com"] }] });

  it.each([
    ["tencent-cdn", "Tencent Cloud CDN"],
    ["TencentCloud_CLB", "Tencent Cloud CLB"],
    ["cos", "Tencent Cloud COS"],
    ["tencent-waf", "Tencent Cloud WAF"],
    ["tencent-live", "Tencent Cloud Live"],
  ])("is reached through tencent-ssl: %s", (service, product) => {
    expect(named(service)).toThrow(`${product} takes its certificates from tencent-ssl: name that service`);
    expect(named(service)).toThrow("old_certificate_id");
  });

  it("is looked for in tencent-ssl, with what uses its certificates", () => {
    const found = () => parseArguments(findCertificates, { service: "tencent-cdn" });
    expect(found).toThrow(/from tencent-ssl: name tencent-ssl; with_bindings shows what uses each/);
    expect(found).not.toThrow("old_certificate_id");
    expect(() => parseArguments(explainErrorTool, { code: "x", service: "tencent-cdn" })).toThrow(
      /from tencent-ssl: name tencent-ssl\.(?: |$)/,
    );
  });

  it("is not reached through tencent-ssl where that is no choice", () => {
    const services = () => parseArguments(proposeStandingApproval, { services: ["tencent-cdn"] });
    expect(services).toThrow("from tencent-ssl");
    const schema = struct({ service: choice(["alibaba-cdn", "huawei-live"], "Service") });
    const parsing = () => parseArguments({ name: "t", params: schema, effect: "read" }, { service: "tencent-cdn" });
    expect(parsing).toThrow("Invalid enum value");
    expect(parsing).not.toThrow("tencent-ssl");
  });

  it.each([
    ["alibaba-oss", "Alibaba Cloud OSS"],
    ["aliyun_esa", "Alibaba Cloud ESA"],
    ["slb", "Alibaba Cloud SLB"],
    ["huawei-cdn", "Huawei Cloud CDN"],
    ["huaweicloud-elb", "Huawei Cloud ELB"],
  ])("is for a person in its console: %s", (service, product) => {
    expect(named(service)).toThrow(`this server has no tools for ${product}`);
    expect(() => parseArguments(findCertificates, { service })).toThrow(`no tools for ${product}`);
  });

  it.each([
    ["waf", "Invalid enum value"],
    ["constructor", "Invalid enum value"],
    ["alibaba-cnd", "did you mean alibaba-cdn?"],
    ["edgeone", "did you mean tencent-edgeone?"],
  ])("is not guessed: %s", (service, says) => {
    expect(named(service)).toThrow(says);
    expect(named(service)).not.toThrow(/takes its certificates|no tools for/);
  });
});
