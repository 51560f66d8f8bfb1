import { expect } from "vitest";
import { z } from "zod";
import { expectServed, onBalancers, pairIn } from "./expected.js";
import { publicKeyOf, toldTo } from "./stage.js";
import { type Known, type Row, rowWith, type Transcript } from "./transcript.js";

/** What serves already is changed: a leaked key goes, a setting beside the certificate is turned. */

const downloaded = z.object({ Content: z.string() });
const onEdge = z.object({
  served_on: z.array(
    z.object({ served: z.array(z.object({ certificates: z.array(z.object({ not_after: z.string() })) })) }),
  ),
});

/** Which row is served; two certificates for the same names end at different times. */
function isServed(known: Known, { ends = "" }: Row): boolean {
  const { served_on } = known.last("find_certificates", onEdge);
  const all = served_on.flatMap(({ served }) => served.flatMap(({ certificates }) => certificates));
  return all.some((certificate) => Date.parse(certificate.not_after) === Date.parse(ends));
}

export const changing: readonly Transcript[] = [
  {
    language: "en",
    request: ({ folder }) =>
      `The private key of our example.com certificate has leaked! The CA gave us a new one: file:${folder}/new.crt with file:${folder}/new.key. Besides Tencent it is on img.example.com (Alibaba CDN), vod.example.com (Alibaba VOD) and play.example.com (Huawei Live, no redirect). Get rid of the old key everywhere and prove it.`,
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "example.com", with_bindings: true }) },
      {
        tool: "inspect_certificate",
        with: (_, place) => ({
          ...pairIn(place),
          domains: ["img.example.com", "vod.example.com", "play.example.com", "example.com"],
        }),
      },
      {
        tool: "deploy_certificate",
        with: (known, place) => ({
          ...pairIn(place),
          targets: [
            { service: "tencent-ssl", old_certificate_id: rowWith(known, (it) => it.bound_to.length > 0).id },
            { service: "alibaba-cdn", domains: ["img.example.com"] },
            { service: "alibaba-vod", domains: ["vod.example.com"] },
            { service: "huawei-live", domains: ["play.example.com"], force_redirect: false },
          ],
          on_failure: "continue",
        }),
      },
      {
        tool: "check_served_certificate",
        with: (_, { folder }) => ({
          domains: ["www.example.com", "static.example.com", "img.example.com", "vod.example.com", "play.example.com"],
          certificate: `file:${folder}/new.crt`,
        }),
      },
    ],
    sent: [
      "SetCdnDomainSSLCertificate",
      "SetVodDomainSSLCertificate",
      "UpdateDomainHttpsCert",
      "UploadCertificate",
      "UpdateCertificateInstance",
    ],
    asked: 1,
    holds: async (stage) => {
      const domains = ["www", "static", "img", "vod", "play"].map((name) => `${name}.example.com`);
      await expectServed(stage, stage.fresh, ...domains);
      const leaked = stage.certificate("storefront");
      expect(onBalancers(stage)).not.toContain(leaked.id);
      const { cdn, vod, live } = stage.sandbox.account;
      const keys = [...cdn.values(), ...vod.values(), ...live.values()].flatMap(({ certificate }) =>
        certificate ? [publicKeyOf(certificate.certificatePem)] : [],
      );
      expect(keys).not.toContain(publicKeyOf(leaked.material?.certificatePem ?? ""));
    },
  },
  {
    language: "en",
    request: () =>
      "Turn the HTTP to HTTPS redirect on for our live domain play.example.com. The certificate is fine, keep it.",
    steps: [
      // No read tells what a Live domain has, and the call sets certificate and redirect together.
      {
        tool: "find_certificates",
        with: () => ({ domain: "play.example.com", served_on: ["play.example.com"] }),
      },
      {
        tool: "DownloadCertificate",
        with: (known) => ({ CertificateId: rowWith(known, (row) => isServed(known, row)).id }),
      },
      {
        tool: "UpdateDomainHttpsCert",
        with: (known) => {
          const { Content: archive } = known.last("DownloadCertificate", downloaded);
          return {
            project_id: "sandboxproject",
            domain: "play.example.com",
            certificate: `${archive}#fullchain`,
            certificate_key: `${archive}#key`,
            force_redirect: true,
          };
        },
      },
    ],
    sent: ["DownloadCertificate", "UpdateDomainHttpsCert"],
    asked: 2,
    holds: async (stage) => {
      const domain = stage.sandbox.account.live.get("play.example.com");
      expect(domain?.forceRedirect).toBe(true);
      expect(toldTo(domain)).toBe(stage.sha256("storefront"));
      await expectServed(stage, stage.sha256("storefront"), "play.example.com");
    },
  },
];
