import { expect } from "vitest";
import { z } from "zod";
import { status } from "../../src/sandbox/tencent-ssl/state.js";
import { fingerprint, type Stage } from "./stage.js";
import { type Known, rowWith, type Transcript } from "./transcript.js";

/** Certificates are applied for, bought and given up. */

const minute = 60_000;
const applied = z.object({ CertificateId: z.string() });
const bought = z.object({ CertificateIds: z.array(z.string()) });
const waited = z.object({ state: z.string(), details: z.object({ records: z.array(z.string()).optional() }) });

const forDomain = (known: Known, domain: string) => rowWith(known, ({ domains }) => domains[0] === domain);

/** The record that has to be set is the one that the cloud looks for. */
function expectRecord(stage: Stage, domain: string, records: readonly string[]): void {
  const [proof] = stage.certificate(domain).order?.application?.proofs ?? [];
  expect(records).toHaveLength(1);
  expect(records[0]).toContain(proof?.key);
  expect(records[0]).toContain(proof?.value);
}

export const ordering: readonly Transcript[] = [
  {
    language: "en",
    request: () =>
      "We need a free certificate for status.example.com. Show me the DNS record that I must set, and tell me when it is issued.",
    // Nothing comes of itself while the transcript is played, however slow the machine.
    speed: 1,
    steps: [
      { tool: "ApplyCertificate", with: () => ({ DvAuthMethod: "DNS", DomainName: "status.example.com" }) },
      {
        tool: "wait_for",
        with: (known) => ({
          what: "certificate",
          id: known.last("ApplyCertificate", applied).CertificateId,
          timeout_seconds: 1,
        }),
        then: (stage) => stage.pass(10 * minute),
      },
      {
        tool: "wait_for",
        with: (known) => ({ what: "certificate", id: known.last("ApplyCertificate", applied).CertificateId }),
      },
    ],
    sent: ["ApplyCertificate"],
    asked: 1,
    holds: (stage, known) => {
      expect(stage.certificate("status.example.com").status).toBe(status.issued);
      expectRecord(stage, "status.example.com", known.shown("wait_for", waited)[0]?.details.records ?? []);
    },
  },
  {
    language: "zh",
    request: () =>
      "买一张 *.example.com 的 TrustAsia DV 通配符证书，一年，DNS 自动验证。公司 Example Ltd，联系人和管理员都是 Wei Li，电话 13800000000，邮箱 wei.li@example.com。签发以后用在 EdgeOne 站点 zone-sandboxdemo 的 shop.example.com 上。",
    flags: ["--allow-purchases"],
    steps: [
      { tool: "CreateCertificate", with: () => ({ ProductId: 12, DomainNum: 1, TimeSpan: 1 }) },
      {
        tool: "SubmitCertificateInformation",
        with: (known) => ({
          CertificateId: known.last("CreateCertificate", bought).CertificateIds[0],
          CsrType: "online",
          CertificateDomain: "*.example.com",
          VerifyType: "DNS_AUTO",
          OrganizationName: "Example Ltd",
          ...person("Admin", "AdminPhoneNum"),
          ...person("Contact", "ContactNumber"),
        }),
      },
      {
        tool: "CommitCertificateInformation",
        with: (known) => ({
          CertificateId: known.last("CreateCertificate", bought).CertificateIds[0],
          VerifyType: "DNS_AUTO",
        }),
      },
      {
        tool: "wait_for",
        with: (known) => ({
          what: "certificate",
          id: known.last("CreateCertificate", bought).CertificateIds[0],
        }),
      },
      {
        tool: "deploy_certificate",
        with: (known) => ({
          certificate_id: known.last("CreateCertificate", bought).CertificateIds[0],
          targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }],
        }),
      },
    ],
    sent: [
      "CreateCertificate",
      "SubmitCertificateInformation",
      "CommitCertificateInformation",
      "ModifyHostsCertificate",
    ],
    asked: 4,
    holds: async (stage, known) => {
      const [id = ""] = known.last("CreateCertificate", bought).CertificateIds;
      const pem = stage.sandbox.account.ssl.certificates.get(id)?.material?.certificatePem ?? "";
      expect(stage.host("shop.example.com")?.certificateIds).toEqual([id]);
      expect(new Set(await stage.served("shop.example.com"))).toEqual(new Set([fingerprint(pem)]));
    },
  },
  {
    language: "zh",
    request: () => "preview.example.org 的证书为什么一直签发不下来？",
    speed: 1,
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "preview.example.org" }) },
      {
        tool: "wait_for",
        with: (known) => ({
          what: "certificate",
          id: forDomain(known, "preview.example.org").id,
          timeout_seconds: 1,
        }),
      },
    ],
    sent: [],
    asked: 0,
    holds: (stage, known) => {
      const { state, details } = known.last("wait_for", waited);
      expect(state).toBe("still running");
      expectRecord(stage, "preview.example.org", details.records ?? []);
      expect(stage.certificate("preview.example.org").material).toBeUndefined();
    },
  },
  {
    language: "en",
    request: () => "We dropped preview.example.org. Withdraw the application for its certificate.",
    speed: 1,
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "preview.example.org" }) },
      {
        tool: "CancelAuditCertificate",
        with: (known) => ({ CertificateId: forDomain(known, "preview.example.org").id }),
      },
    ],
    sent: ["CancelAuditCertificate"],
    asked: 1,
    // A review that was withdrawn has failed (docs/cloud-behaviour.md 3.2).
    holds: (stage) => expect(stage.certificate("preview.example.org").status).toBe(status.failed),
  },
];

/** The same person in both roles that an order has. */
function person(role: "Admin" | "Contact", number: string) {
  return {
    [`${role}FirstName`]: "Wei",
    [`${role}LastName`]: "Li",
    [`${role}Email`]: "wei.li@example.com",
    [number]: "13800000000",
  };
}
