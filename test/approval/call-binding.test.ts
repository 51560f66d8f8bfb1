import { describe, expect, it } from "vitest";
import { z } from "zod";
import { bindingOf, type PlannedCall } from "../../src/approval/call-binding.js";
import { list, privateKey, struct, text, watchTime } from "../../src/catalogue/params.js";
import { createCSR } from "../../src/catalogue/tencent-ssl/create-csr.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { safe, verbatim } from "../../src/lib/safe-text.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

const key = Buffer.alloc(32);
const bind = (call: Partial<PlannedCall>) =>
  bindingOf(
    {
      operation: modifyCertificateAlias,
      params: { CertificateId: "abcd1234", Alias: "web" },
      account: "account-1",
      redactor: new Redactor([]),
      ...call,
    },
    key,
  );

describe("an approval is bound to", () => {
  const job = (
    own: Readonly<Record<string, unknown>>,
    steps: readonly string[] = ["one", "two"],
  ): Partial<PlannedCall> => ({
    operation: {
      ...modifyCertificateAlias,
      name: "job",
      params: z.object({}),
      approvalQuestion: () => verbatim("Do it?"),
      plannedChanges: () => [],
    },
    params: Object.fromEntries(steps.map((step) => [step, { CertificateId: "abcd1234", Alias: "web" }])),
    jobArguments: {
      schema: struct({
        on_failure: text("What then").optional(),
        wait_seconds: watchTime("Watch").optional(),
        targets: list(text("One"), "Where"),
        key: privateKey("Key").optional(),
      }),
      params: { targets: ["a", "b"], ...own },
    },
    parts: steps.map(() => modifyCertificateAlias),
  });

  it.each<[string, Partial<PlannedCall>, Partial<PlannedCall>]>([
    [
      "every argument",
      { params: { CertificateId: "abcd1234", Alias: "web" } },
      { params: { CertificateId: "abcd1234", Alias: "Web" } },
    ],
    ["the operation", {}, { operation: { ...modifyCertificateAlias, name: "ModifyCertificateResubmit" } }],
    ["the account", {}, { account: "account-2" }],
    ["the name by which the account is known", { accountName: "shop" }, { accountName: "bank" }],
    ["the warnings that were shown", {}, { warnings: [safe`It cannot be taken back.`] }],
    [
      "where a reference led from",
      { sources: new Map([["Alias", "file:a"]]) },
      { sources: new Map([["Alias", "file:b"]]) },
    ],
    ["what a job does after a failure", job({}), job({ on_failure: "continue" })],
    ["how long a job watches, by which its waves are proven", job({}), job({ wait_seconds: 5 })],
    ["the order of a job's targets", job({}), job({ targets: ["b", "a"] })],
    ["the order of a job's steps", job({}), job({}, ["two", "one"])],
    ["a job's own secrets", job({ key: "one" }), job({ key: "two" })],
    ["the operations behind the steps", job({}), { ...job({}), parts: [modifyCertificateAlias, uploadCertificate] }],
  ])("%s", (_what, one, other) => {
    expect(bind(one).exact).not.toBe(bind(other).exact);
    expect(bind(one).exact).toBe(bind(one).exact);
  });

  it("the same thing, whatever the watch time", () => {
    expect(bind(job({ wait_seconds: 5 })).thing).toBe(bind(job({})).thing);
    expect(bind(job({ on_failure: "continue" })).thing).not.toBe(bind(job({})).thing);
  });

  it("nothing that a member's place or an undefined member could change", () => {
    const [one, other] = [
      { CertificateId: "abcd1234", Alias: "web" },
      { Alias: "web", CertificateId: "abcd1234" },
    ];
    expect(bind({ params: one })).toEqual(bind({ params: { ...other, Extra: undefined } }));
  });

  it("no secret by its plain digest", () => {
    const params = { CertificatePublicKey: "p", CertificatePrivateKey: "guess" };
    const call = { operation: uploadCertificate, params, account: "a", redactor: new Redactor([]) };
    expect(bindingOf(call, key).exact).not.toBe(bindingOf(call, Buffer.alloc(32, 1)).exact);
    expect(bindingOf(call, key).thing).not.toBe(bindingOf(call, Buffer.alloc(32, 1)).thing);
  });
});

describe("what a person would take for the same wish", () => {
  const csr = { Domain: "example.com", Organization: "Example Ltd", Generate: true };
  const thing = (params: Readonly<Record<string, unknown>>) =>
    bind({ operation: createCSR, params: { Email: "a@b.c", ...params } }).thing;

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["capitals", { ...csr, Domain: "EXAMPLE.com" }],
    ["blanks", { ...csr, Domain: " example.com", Organization: "Example  Ltd " }],
    ["a dot at the end of a domain", { ...csr, Domain: "example.com." }],
    ["wide letters", { ...csr, Domain: "ｅxample.com" }],
    ["empty text and a no for what is left out", { ...csr, Remark: "", Force: false, Tags: [] }],
  ])("is the same with other %s", (_what, other) => {
    expect(thing(other)).toBe(thing(csr));
  });

  it("is the same for both forms of a domain, and for a list in another order", () => {
    expect(thing({ ...csr, Domain: "münchen.de" })).toBe(thing({ ...csr, Domain: "xn--mnchen-3ya.de" }));
    expect(thing({ ...csr, Hosts: ["a.de", "b.de"] })).toBe(thing({ ...csr, Hosts: ["b.de", "a.de", "a.de"] }));
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["domain", { ...csr, Domain: "example.org" }],
    ["yes", { ...csr, Force: true }],
    ["member", { ...csr, Department: "IT" }],
  ])("is another with another %s", (_what, other) => {
    expect(thing(other)).not.toBe(thing(csr));
  });
});
