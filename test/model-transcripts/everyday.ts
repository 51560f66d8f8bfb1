import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { status } from "../../src/sandbox/tencent-ssl/state.js";
import { expectServed, onBalancers, pairIn } from "./expected.js";
import { fingerprint, type Place, type Stage, toldTo } from "./stage.js";
import { type Transcript, withAlias } from "./transcript.js";

/** Short requests that leave half unsaid, as people write them between two meetings. */

const uploaded = z.object({ CertificateId: z.string() });
const checked = z.object({ domains: z.array(z.object({ status: z.string() })) });
const jobs = z.object({ jobs: z.array(z.object({ job: z.string() })) });

/** A certificate and its key out of the person's directory. */
const pair = ({ folder }: Place, name: string) => ({
  certificate: `file:${folder}/${name}.crt`,
  private_key: `file:${folder}/${name}.key`,
});
const sha256In = ({ folder }: Stage, name: string) => fingerprint(readFileSync(join(folder, name), "utf8"));
/** Once the edge has had its time. */
async function expectNoHttps(stage: Stage, domain: string): Promise<void> {
  stage.pass(120_000);
  expect(await stage.served(domain)).toEqual(["none", "none", "none"]);
}

const csr = {
  Domain: "api.example.com",
  Organization: "Example Ltd",
  Department: "IT",
  Email: "ops@example.com",
  Province: "Singapore",
  City: "Singapore",
  Country: "SG",
  EncryptAlgo: "ECC",
  KeyParameter: "prime256v1",
  Generate: true,
};

export const everyday: readonly Transcript[] = [
  {
    language: "en",
    request: ({ folder }) =>
      `New wildcard for Alibaba CDN: file:${folder}/cdn.crt with file:${folder}/cdn.key. It goes on *.cdn.example.com.`,
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({
          ...pair(place, "cdn"),
          targets: [{ service: "alibaba-cdn", domains: ["*.cdn.example.com"] }],
        }),
      },
    ],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    // Alibaba Cloud writes a wildcard domain with a dot in front.
    holds: async (stage) => {
      expect(toldTo(stage.sandbox.account.cdn.get(".cdn.example.com"))).toBe(sha256In(stage, "cdn.crt"));
      // What a wildcard serves cannot be seen, so that nobody waits for it.
      stage.pass(120_000);
      await expectServed(stage, sha256In(stage, "cdn.crt"), "a.cdn.example.com");
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `Put file:${folder}/new.crt (file:${folder}/new.key) on play.example.com, Huawei Live. Keep the redirect as it is.`,
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({
          ...pairIn(place),
          targets: [{ service: "huawei-live", domains: ["play.example.com"] }],
        }),
      },
    ],
    before: async ({ sandbox }) => {
      const play = sandbox.account.live.get("play.example.com");
      if (play !== undefined) play.forceRedirect = true;
    },
    sent: ["UpdateDomainHttpsCert"],
    asked: 1,
    holds: (stage) => expect(stage.sandbox.account.live.get("play.example.com")?.forceRedirect).toBe(true),
  },
  {
    language: "en",
    request: ({ folder }) =>
      `www.example.com at EdgeOne (zone-sandboxdemo) should have an RSA and an ECC certificate: file:${folder}/rsa.crt with file:${folder}/rsa.key, file:${folder}/new.crt with file:${folder}/new.key.`,
    steps: [
      {
        tool: "UploadCertificate",
        with: (_, { folder }) => ({
          CertificatePublicKey: `file:${folder}/rsa.crt`,
          CertificatePrivateKey: `file:${folder}/rsa.key`,
        }),
      },
      {
        tool: "UploadCertificate",
        with: (_, { folder }) => ({
          CertificatePublicKey: `file:${folder}/new.crt`,
          CertificatePrivateKey: `file:${folder}/new.key`,
        }),
      },
      {
        tool: "ModifyHostsCertificate",
        with: (known) => ({
          ZoneId: "zone-sandboxdemo",
          Hosts: ["www.example.com"],
          Mode: "sslcert",
          ServerCertInfo: known
            .shown("UploadCertificate", uploaded)
            .map(({ CertificateId }) => ({ CertId: CertificateId })),
        }),
      },
    ],
    sent: ["UploadCertificate", "ModifyHostsCertificate"],
    asked: 3,
    holds: (stage, known) => {
      const ids = known.shown("UploadCertificate", uploaded).map(({ CertificateId }) => CertificateId);
      expect(new Set(ids).size).toBe(2);
      expect(stage.host("www.example.com")?.certificateIds).toEqual(ids);
    },
  },
  {
    language: "en",
    request: () => "Turn HTTPS off for img.example.com on Alibaba CDN, we are retiring it.",
    steps: [
      {
        tool: "SetCdnDomainSSLCertificate",
        with: () => ({ DomainName: "img.example.com", SSLProtocol: "off" }),
      },
    ],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: async (stage) => {
      expect(stage.sandbox.account.cdn.get("img.example.com")?.https).toBe(false);
      await expectNoHttps(stage, "img.example.com");
    },
  },
  {
    language: "en",
    request: () => "I need a CSR for api.example.com. We are Example Ltd, Singapore.",
    steps: [
      {
        tool: "CreateCSR",
        with: () => ({ Domain: "api.example.com", Organization: "Example Ltd", City: "Singapore" }),
        // It names all that is missing at once, so that the person is asked once.
        refused: true,
      },
    ],
    sent: [],
    asked: 0,
    holds: (stage) => {
      const domains = [...stage.sandbox.account.ssl.csrs.values()].map(({ subject }) => subject.Domain);
      expect(domains).not.toContain("api.example.com");
    },
  },
  {
    language: "en",
    request: () => "Cancel the order 'for the new shop'. We never sent the documents, and will not.",
    steps: [
      { tool: "find_certificates", with: () => ({ status: "pending" }) },
      {
        tool: "CancelCertificateOrder",
        with: (known) => ({ CertificateId: withAlias(known, "for the new shop").id }),
      },
    ],
    sent: ["CancelCertificateOrder"],
    asked: 1,
    holds: (stage) =>
      expect([status.cancelling, status.cancelled]).toContain(stage.certificate("for the new shop").status),
  },
  {
    language: "en",
    request: ({ folder }) => `Is file:${folder}/new.crt live on www.example.com yet?`,
    steps: [
      {
        tool: "check_served_certificate",
        with: (_, { folder }) => ({ domains: ["www.example.com"], certificate: `file:${folder}/new.crt` }),
      },
    ],
    sent: [],
    asked: 0,
    holds: (_, known) =>
      expect(known.last("check_served_certificate", checked).domains.map(({ status }) => status)).toEqual([
        "other certificate",
      ]),
  },
  {
    language: "zh",
    request: ({ folder }) =>
      `storefront 的私钥泄露了！CA 重新签了 file:${folder}/new.crt，私钥 file:${folder}/new.key。先把腾讯云上用到它的地方全部换掉。`,
    steps: [
      { tool: "find_certificates", with: () => ({ with_bindings: true }) },
      {
        tool: "deploy_certificate",
        with: (known, place) => ({
          ...pairIn(place),
          targets: [{ service: "tencent-ssl", old_certificate_id: withAlias(known, "storefront").id }],
        }),
      },
    ],
    sent: ["UploadCertificate", "UpdateCertificateInstance"],
    asked: 1,
    holds: async (stage) => {
      expect(onBalancers(stage)).not.toContain(stage.certificate("storefront").id);
      await expectServed(stage, stage.fresh, "www.example.com", "static.example.com");
    },
  },
  {
    language: "zh",
    request: () => "刚才换到 img.example.com 上的证书生效了吗？",
    before: (stage) =>
      stage.earlier("deploy_certificate", {
        ...pairIn(stage.place),
        targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
        wait_seconds: 0,
      }),
    steps: [
      { tool: "list_jobs", with: () => ({}) },
      {
        tool: "wait_for",
        with: (known) => ({ what: "deployment", id: known.last("list_jobs", jobs).jobs[0]?.job }),
      },
    ],
    sent: [],
    asked: 0,
    holds: (stage) => expectServed(stage, stage.fresh, "img.example.com"),
  },
  {
    language: "zh",
    request: () =>
      "EdgeOne 站点 zone-sandboxdemo 的 shop.example.com 还没开 HTTPS，用 storefront, next 这张证书开起来。",
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "shop.example.com" }) },
      {
        tool: "deploy_certificate",
        with: (known) => ({
          certificate_id: withAlias(known, "storefront, next").id,
          targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }],
        }),
      },
    ],
    sent: ["ModifyHostsCertificate"],
    asked: 1,
    holds: (stage) => expectServed(stage, stage.sha256("storefront, next"), "shop.example.com"),
  },
  {
    language: "zh",
    request: () =>
      `阿里云 CDN 的 *.cdn.example.com 用数字证书管理服务里的证书 ${seededCasIds["ap-southeast-1"]}，在新加坡（ap-southeast-1）。`,
    steps: [
      {
        tool: "SetCdnDomainSSLCertificate",
        with: () => ({
          DomainName: "*.cdn.example.com",
          SSLProtocol: "on",
          CertType: "cas",
          CertId: Number(seededCasIds["ap-southeast-1"]),
          CertRegion: "ap-southeast-1",
        }),
      },
    ],
    sent: ["SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: ({ sandbox: { account } }) => {
      expect(account.cdn.get(".cdn.example.com")?.certificate).toMatchObject({ name: "wildcard-cdn-example-com" });
    },
  },
  {
    language: "zh",
    request: () => "点播的 vod.example.com 也换成 storefront, next。",
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "vod.example.com" }) },
      {
        tool: "deploy_certificate",
        with: (known) => ({
          certificate_id: withAlias(known, "storefront, next").id,
          targets: [{ service: "alibaba-vod", domains: ["vod.example.com"] }],
        }),
      },
    ],
    sent: ["DownloadCertificate", "SetVodDomainSSLCertificate"],
    asked: 1,
    holds: (stage) => expectServed(stage, stage.sha256("storefront, next"), "vod.example.com"),
  },
  {
    language: "zh",
    request: () => "把点播域名 vod.example.com 的 HTTPS 关掉。",
    steps: [
      {
        tool: "SetVodDomainSSLCertificate",
        with: () => ({ DomainName: "vod.example.com", SSLProtocol: "off" }),
      },
    ],
    sent: ["SetVodDomainSSLCertificate"],
    asked: 1,
    holds: (stage) => expectNoHttps(stage, "vod.example.com"),
  },
  {
    language: "zh",
    request: ({ folder }) => `帮我看一下 file:${folder}/new.crt 和 file:${folder}/other.key 是不是一对。`,
    steps: [
      {
        tool: "inspect_certificate",
        with: (_, { folder }) => ({
          certificate: `file:${folder}/new.crt`,
          private_key: `file:${folder}/other.key`,
        }),
      },
    ],
    sent: [],
    asked: 0,
    holds: (_, known) =>
      expect(JSON.stringify(known.last("inspect_certificate", z.unknown()))).toMatch(/does not (fit|match|belong)/),
  },
  {
    language: "zh",
    request: () =>
      "给 api.example.com 生成一个 CSR：公司 Example Ltd，部门 IT，邮箱 ops@example.com，城市和省份都是 Singapore，国家 SG，ECC。",
    steps: [{ tool: "CreateCSR", with: () => csr }],
    sent: ["CreateCSR"],
    asked: 1,
    holds: ({ sandbox }) => {
      const domains = [...sandbox.account.ssl.csrs.values()].map(({ subject }) => subject.Domain);
      expect(domains).toContain("api.example.com");
    },
  },
];
