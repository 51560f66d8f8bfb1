import { expect } from "vitest";
import { expectServed, onBalancers, pairIn } from "./expected.js";
import { toldTo } from "./stage.js";
import { rows, type Transcript, withAlias, zoneOf } from "./transcript.js";

/** A certificate is put where it is to serve. */

export const deploying: readonly Transcript[] = [
  {
    language: "en",
    request: ({ folder }) =>
      `Put this certificate (file:${folder}/new.crt, key file:${folder}/new.key) on all three clouds: www.example.com at EdgeOne, img.example.com on Alibaba CDN, vod.example.com on Alibaba VOD, play.example.com on Huawei Live, with HTTP redirected there.`,
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "www.example.com", with_bindings: true }) },
      {
        tool: "deploy_certificate",
        with: (known, place) => ({
          ...pairIn(place),
          targets: [
            {
              service: "tencent-edgeone",
              zone_id: zoneOf(known, "www.example.com"),
              domains: ["www.example.com"],
            },
            { service: "alibaba-cdn", domains: ["img.example.com"] },
            { service: "alibaba-vod", domains: ["vod.example.com"] },
            { service: "huawei-live", domains: ["play.example.com"], force_redirect: true },
          ],
        }),
      },
    ],
    sent: [
      "UploadCertificate",
      "ModifyHostsCertificate",
      "SetCdnDomainSSLCertificate",
      "SetVodDomainSSLCertificate",
      "UpdateDomainHttpsCert",
    ],
    asked: 1,
    holds: async (stage) => {
      const { cdn, vod, live } = stage.sandbox.account;
      const told = [cdn.get("img.example.com"), vod.get("vod.example.com"), live.get("play.example.com")];
      expect(told.map(toldTo)).toEqual([stage.fresh, stage.fresh, stage.fresh]);
      expect(live.get("play.example.com")?.forceRedirect).toBe(true);
      const domains = ["www.example.com", "img.example.com", "vod.example.com", "play.example.com"];
      await expectServed(stage, stage.fresh, ...domains);
    },
  },
  {
    language: "zh",
    request: () =>
      "storefront 这张证书快到期了，换成已经上传的 storefront, next，三家都换：腾讯云上用到它的地方全部换掉，阿里云 CDN 的 img.example.com，还有华为云直播的 play.example.com（不要强制跳转 HTTPS）。换完确认一下线上都生效了。",
    steps: [
      { tool: "find_certificates", with: () => ({ with_bindings: true }) },
      {
        tool: "deploy_certificate",
        with: (known) => ({
          certificate_id: withAlias(known, "storefront, next").id,
          targets: [
            { service: "tencent-ssl", old_certificate_id: withAlias(known, "storefront").id },
            { service: "alibaba-cdn", domains: ["img.example.com"] },
            { service: "huawei-live", domains: ["play.example.com"], force_redirect: false },
          ],
        }),
      },
      {
        tool: "check_served_certificate",
        with: (known) => ({
          domains: ["www.example.com", "static.example.com", "img.example.com", "play.example.com"],
          certificate_id: withAlias(known, "storefront, next").id,
        }),
      },
    ],
    sent: ["DownloadCertificate", "UpdateCertificateInstance", "SetCdnDomainSSLCertificate", "UpdateDomainHttpsCert"],
    asked: 1,
    holds: async (stage) => {
      const { id } = stage.certificate("storefront, next");
      expect(new Set(onBalancers(stage))).toEqual(new Set([id]));
      expect(stage.host("www.example.com")?.certificateIds).toEqual([id]);
      const domains = ["www.example.com", "static.example.com", "img.example.com", "play.example.com"];
      await expectServed(stage, stage.sha256("storefront, next"), ...domains);
    },
  },
  {
    language: "en",
    request: () =>
      "Try the certificate 'storefront, next' on the load balancer in Hong Kong first, in place of 'storefront'. Leave everything else as it is.",
    steps: [
      { tool: "find_certificates", with: () => ({ with_bindings: true }) },
      {
        tool: "deploy_certificate",
        with: (known) => {
          const { id, bound_to } = withAlias(known, "storefront");
          const [type, region] = bound_to.find((line) => line.includes("hongkong"))?.split(" ") ?? [];
          return {
            certificate_id: withAlias(known, "storefront, next").id,
            targets: [{ service: "tencent-ssl", old_certificate_id: id, resource_types: [type], regions: [region] }],
          };
        },
      },
    ],
    sent: ["UpdateCertificateInstance"],
    asked: 1,
    holds: async (stage) => {
      const [old, next] = [stage.certificate("storefront").id, stage.certificate("storefront, next").id];
      expect(onBalancers(stage)).toEqual([old, old, next]);
      expect(stage.host("www.example.com")?.certificateIds).toEqual([old]);
      await expectServed(stage, stage.sha256("storefront"), "www.example.com", "static.example.com");
    },
  },
  {
    language: "en",
    request: () =>
      "We are moving img.example.com from Tencent to Alibaba Cloud CDN. The domain is set up there; take the certificate that lasts longest along.",
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "img.example.com" }) },
      {
        tool: "deploy_certificate",
        with: (known) => ({
          certificate_id: rows(known).at(-1)?.id,
          targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
        }),
      },
    ],
    sent: ["DownloadCertificate", "SetCdnDomainSSLCertificate"],
    asked: 1,
    holds: async (stage) => {
      const moved = stage.sha256("storefront, next");
      expect(toldTo(stage.sandbox.account.cdn.get("img.example.com"))).toBe(moved);
      await expectServed(stage, moved, "img.example.com");
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `Upload file:${folder}/new.crt (key: file:${folder}/new.key) to Tencent Cloud under the name "web 2027", but do not put it anywhere yet.`,
    steps: [
      {
        tool: "UploadCertificate",
        with: (_, { folder }) => ({
          CertificatePublicKey: `file:${folder}/new.crt`,
          CertificatePrivateKey: `file:${folder}/new.key`,
          Alias: "web 2027",
          Repeatable: false,
        }),
      },
    ],
    sent: ["UploadCertificate"],
    asked: 1,
    holds: async (stage) => {
      expect(stage.sha256("web 2027")).toBe(stage.fresh);
      await expectServed(stage, stage.sha256("storefront"), "www.example.com");
    },
  },
];
