import { expect } from "vitest";
import { z } from "zod";
import { expectServed, pairIn } from "./expected.js";
import type { Transcript } from "./transcript.js";

/** All clouds at once, and targets by nothing but their domains. */

const listed = z.object({
  domains: z.array(
    z.object({
      domain: z.string(),
      service: z.string(),
      zone_id: z.string().optional(),
      certificates: z.array(z.object({ certificate_id: z.string().optional() })).optional(),
      edge: z.unknown(),
    }),
  ),
});
/** The domains with HTTPS in the sandbox, which all serve the certificate that is about to end. */
const serving = ["app.example.com", "img.example.com", "play.example.com", "vod.example.com", "www.example.com"];

export const estate: readonly Transcript[] = [
  {
    language: "en",
    request: () => "What expires in the next 30 days, anywhere?",
    steps: [{ tool: "find_certificates", with: () => ({ expires_within_days: 30 }) }],
    sent: [],
    asked: 0,
    holds: (_, known) => {
      const { domains } = known.last("find_certificates", listed);
      expect(domains.map(({ domain }) => domain).sort()).toEqual(serving);
      expect(new Set(domains.map(({ service }) => service)).size).toBe(5);
    },
  },
  {
    language: "zh",
    request: () => "未来 30 天内，三家云上有哪些域名的证书要过期？线上实际生效的是哪张？",
    steps: [{ tool: "find_certificates", with: () => ({ expires_within_days: 30, with_edges: true }) }],
    sent: [],
    asked: 0,
    holds: (_, known) => {
      const { domains } = known.last("find_certificates", listed);
      expect(domains).toHaveLength(serving.length);
      for (const { edge } of domains) expect(edge).toMatchObject({ trusted: true });
    },
  },
  {
    language: "zh",
    request: () => "www.example.com 在 EdgeOne 的哪个站点下，现在用的是哪张证书？",
    steps: [{ tool: "find_certificates", with: () => ({ domain: "www.example.com" }) }],
    sent: [],
    asked: 0,
    holds: ({ place }, known) =>
      expect(known.last("find_certificates", listed).domains).toMatchObject([
        { zone_id: "zone-sandboxdemo", certificates: [{ certificate_id: place.id("storefront") }] },
      ]),
  },
  {
    language: "en",
    request: ({ folder }) => `Put file:${folder}/new.crt (key file:${folder}/new.key) on everything it covers.`,
    steps: [{ tool: "deploy_certificate", with: (_, place) => ({ ...pairIn(place), covered: true }) }],
    sent: [
      "UploadCertificate",
      "ModifyHostsCertificate",
      "SetCdnDomainSSLCertificate",
      "SetDcdnDomainSSLCertificate",
      "SetVodDomainSSLCertificate",
      "UpdateDomainHttpsCert",
    ],
    asked: 1,
    holds: (stage) => expectServed(stage, stage.fresh, ...serving),
  },
  {
    language: "zh",
    request: ({ folder }) =>
      `用 file:${folder}/new.crt（私钥 file:${folder}/new.key）换掉 www.example.com、img.example.com 和 play.example.com 的证书，跳转保持原样。`,
    before: async ({ sandbox }) => {
      const play = sandbox.account.live.get("play.example.com");
      if (play !== undefined) play.forceRedirect = true;
    },
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({
          ...pairIn(place),
          targets: [{ domains: ["www.example.com", "img.example.com", "play.example.com"] }],
        }),
      },
    ],
    sent: ["UploadCertificate", "ModifyHostsCertificate", "SetCdnDomainSSLCertificate", "UpdateDomainHttpsCert"],
    asked: 1,
    holds: async (stage) => {
      expect(stage.sandbox.account.live.get("play.example.com")?.forceRedirect).toBe(true);
      await expectServed(stage, stage.fresh, "www.example.com", "img.example.com", "play.example.com");
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `Replace the certificate on shop.example.com and vod.example.com by file:${folder}/new.crt with file:${folder}/new.key.`,
    steps: [
      {
        tool: "deploy_certificate",
        with: (_, place) => ({
          ...pairIn(place),
          targets: [{ domains: ["shop.example.com", "vod.example.com"] }],
        }),
      },
    ],
    sent: ["UploadCertificate", "ModifyHostsCertificate", "SetVodDomainSSLCertificate"],
    asked: 1,
    holds: (stage) => expectServed(stage, stage.fresh, "shop.example.com", "vod.example.com"),
  },
];
