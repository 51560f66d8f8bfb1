import { expect } from "vitest";
import { z } from "zod";
import { expectServed, pairIn } from "./expected.js";
import type { Transcript } from "./transcript.js";

/** Changes that begin from what the clouds have: replaced everywhere, off, two kinds at once, cleaned up, revoked. */

const uploaded = z.object({ CertificateId: z.string() });
const kept = z.object({ kept: z.array(z.string()).default([]), targets: z.array(z.object({ state: z.string() })) });
const stored = z.object({ certificates: z.array(z.object({ used_by: z.array(z.string()).optional() })) });
const domains = z.object({ domains: z.array(z.object({ domain: z.string(), https: z.string().optional() })) });

export const estateChanges: readonly Transcript[] = [
  {
    language: "en",
    request: ({ folder }) =>
      `Replace the certificate on *.cdn.example.com by file:${folder}/cdn.crt, key file:${folder}/cdn.key.`,
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, { folder }) => ({
          certificate: `file:${folder}/cdn.crt`,
          private_key: `file:${folder}/cdn.key`,
          targets: [{ domains: ["*.cdn.example.com"] }],
        }),
      },
    ],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: ({ sandbox }) => expect(sandbox.account.cdn.get(".cdn.example.com")?.https).toBe(true),
  },
  {
    language: "zh",
    request: ({ folder, id }) =>
      `证书 ${id("storefront")} 快到期了，所有在用它的地方都换成 file:${folder}/new.crt（私钥 file:${folder}/new.key）。`,
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({ ...pairIn(place), replaces: place.id("storefront") }),
      },
    ],
    sent: [
      "UploadCertificate",
      "ModifyHostsCertificate",
      "SetCdnDomainSSLCertificate",
      "SetDcdnDomainSSLCertificate",
      "SetVodDomainSSLCertificate",
      "UpdateDomainHttpsCert",
      "UpdateCertificateInstance",
    ],
    asked: 1,
    holds: (stage) => expectServed(stage, stage.fresh, "www.example.com", "img.example.com", "play.example.com"),
  },
  {
    language: "zh",
    request: () => "把 img.example.com 的 HTTPS 关掉。",
    steps: [{ tool: "turn_off_https", with: () => ({ domains: ["img.example.com"] }) }],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: async (stage) => {
      expect(stage.sandbox.account.cdn.get("img.example.com")?.https).toBe(false);
      expect(stage.questions[0]).toContain("visitors on HTTPS get a connection error");
      expect(await stage.served("img.example.com")).toEqual(["none", "none", "none"]);
    },
  },
  {
    language: "en",
    request: () => "Turn HTTPS off on play.example.com and www.example.com, then show me that it is off.",
    steps: [
      { tool: "turn_off_https", with: () => ({ domains: ["play.example.com", "www.example.com"] }) },
      { tool: "find_certificates", with: () => ({ domain: "*.example.com", fresh: true }) },
    ],
    sent: ["DeleteDomainHttpsCert", "ModifyHostsCertificate"],
    asked: 1,
    holds: (_, known) => {
      const off = known.last("find_certificates", domains).domains.filter(({ https }) => https === "off");
      expect(off.map(({ domain }) => domain)).toEqual(expect.arrayContaining(["play.example.com", "www.example.com"]));
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `www.example.com should serve RSA and ECC: file:${folder}/new.crt with file:${folder}/new.key, and file:${folder}/rsa.crt with file:${folder}/rsa.key.`,
    steps: [
      {
        tool: "UploadCertificate",
        with: (_, { folder }) => ({
          CertificatePublicKey: `file:${folder}/rsa.crt`,
          CertificatePrivateKey: `file:${folder}/rsa.key`,
        }),
      },
      {
        tool: "deploy_certificate",
        with: (known, place) => ({
          ...pairIn(place),
          also_certificate_id: known.last("UploadCertificate", uploaded).CertificateId,
          targets: [{ domains: ["www.example.com"] }],
        }),
      },
    ],
    sent: ["UploadCertificate", "ModifyHostsCertificate"],
    asked: 2,
    holds: (stage, known) => {
      expect(stage.host("www.example.com")?.certificateIds).toHaveLength(2);
      expect(stage.host("www.example.com")?.certificateIds).toContain(
        known.last("UploadCertificate", uploaded).CertificateId,
      );
    },
  },
  {
    language: "zh",
    request: () => "把没在用的证书清理掉。",
    steps: [{ tool: "delete_unused_certificates", with: () => ({}) }],
    sent: ["DeleteCertificate"],
    asked: 1,
    holds: (_, known) => {
      const { targets, kept: reasons } = known.last("delete_unused_certificates", kept);
      expect(targets.map(({ state }) => state)).toEqual(targets.map(() => "deleted"));
      expect(reasons.join()).toContain("In use");
    },
  },
  {
    language: "en",
    request: ({ id, folder }) =>
      `The key of ${id("blog.example.com")} leaked. Here is a new one: file:${folder}/new.crt with file:${folder}/new.key. Get rid of the old one everywhere.`,
    before: async ({ sandbox, place }) => {
      const zone = sandbox.account.zones.get("zone-sandboxdemo");
      const host = zone?.hosts.get("shop.example.com");
      if (zone === undefined || host === undefined) throw new Error("the sandbox has no such host");
      const name = "blog.example.com";
      zone.hosts.set(name, { ...host, name, mode: "sslcert", certificateIds: [place.id(name)] });
    },
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({ ...pairIn(place), replaces: place.id("blog.example.com") }),
      },
      {
        tool: "RevokeCertificate",
        with: (_, place) => ({ CertificateId: place.id("blog.example.com"), Reason: "leaked" }),
      },
    ],
    sent: ["UploadCertificate", "ModifyHostsCertificate", "RevokeCertificate"],
    asked: 2,
    holds: async (stage) => {
      await expectServed(stage, stage.fresh, "blog.example.com");
      expect([9, 10]).toContain(stage.certificate("blog.example.com").status);
    },
  },
  {
    language: "zh",
    request: () => "有哪些域名线上返回的证书和云上配置的不一样？",
    steps: [{ tool: "find_certificates", with: () => ({ drift: true }) }],
    sent: [],
    asked: 0,
    holds: (_, known) => expect(known.last("find_certificates", domains).domains).toEqual([]),
  },
  {
    language: "en",
    request: () => "Do any of our certificates share a private key?",
    steps: [{ tool: "find_certificates", with: () => ({ same_key: true }) }],
    sent: [],
    asked: 0,
    holds: (_, known) => expect(known.last("find_certificates", z.object({ matching: z.number() })).matching).toBe(0),
  },
  {
    language: "en",
    request: () => "Use CAS certificate 8089870 for img.example.com.",
    steps: [
      {
        tool: "deploy_certificate",
        with: () => ({ certificate_id: "8089870", targets: [{ domains: ["img.example.com"] }] }),
      },
    ],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: (stage) => expect(stage.sandbox.account.cdn.get("img.example.com")?.certificate?.id).toBe("8089870"),
  },
  {
    language: "zh",
    request: () => "阿里云和华为云的证书库里各有哪些证书，分别用在哪里？",
    steps: [
      { tool: "find_certificates", with: () => ({ service: "alibaba-cas" }) },
      { tool: "find_certificates", with: () => ({ service: "huawei-scm" }) },
    ],
    sent: [],
    asked: 0,
    holds: (_, known) => {
      for (const { certificates } of known.shown("find_certificates", stored))
        expect(certificates.length).toBeGreaterThan(0);
    },
  },
];
