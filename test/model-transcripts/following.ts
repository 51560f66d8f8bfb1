import { expect } from "vitest";
import { z } from "zod";
import type { Stage } from "./stage.js";
import type { Transcript } from "./transcript.js";

/** What was deployed in an earlier session is looked after: live, undone, finished, explained. */

const zone = "zone-sandboxdemo";
const jobs = z.object({
  jobs: z.array(
    z.object({
      job: z.string(),
      certificate: z.object({ certificate_id: z.string().optional() }).optional(),
      to_finish: z.object({ arguments: z.record(z.unknown()) }).optional(),
    }),
  ),
});

/** Somebody puts the new certificate on a site of each cloud. */
function deployed(stage: Stage, more: Record<string, unknown> = {}): Promise<void> {
  return stage.earlier("deploy_certificate", {
    certificate: `file:${stage.folder}/new.crt`,
    private_key: `file:${stage.folder}/new.key`,
    targets: [
      { service: "tencent-edgeone", zone_id: zone, domains: ["www.example.com"] },
      { service: "alibaba-vod", domains: ["vod.example.com"] },
      { service: "alibaba-cdn", domains: ["img.example.com"] },
      { service: "huawei-live", domains: ["play.example.com"], force_redirect: false },
    ],
    ...more,
  });
}
const domains = ["www.example.com", "vod.example.com", "img.example.com", "play.example.com"];

async function servedNow(stage: Stage): Promise<Set<string>> {
  return new Set((await Promise.all(domains.map((domain) => stage.served(domain)))).flat());
}

export const following: readonly Transcript[] = [
  {
    language: "en",
    request: () => "Is the certificate that my colleague deployed this morning live everywhere?",
    before: (stage) => deployed(stage, { wait_seconds: 0 }),
    steps: [
      { tool: "list_jobs", with: () => ({}) },
      {
        tool: "wait_for",
        with: (known) => ({ what: "deployment", id: known.last("list_jobs", jobs).jobs[0]?.job }),
      },
    ],
    sent: [],
    asked: 0,
    holds: async (stage, known) => {
      expect(known.last("wait_for", z.object({ state: z.string() })).state).toBe("done");
      expect(await servedNow(stage)).toEqual(new Set([stage.fresh]));
    },
  },
  {
    language: "zh",
    request: () => "刚才换的证书有问题，马上全部退回去！",
    before: (stage) => deployed(stage),
    steps: [{ tool: "roll_back", with: () => ({}) }],
    sent: [
      "DownloadCertificate",
      "ModifyHostsCertificate",
      "SetVodDomainSSLCertificate",
      "SetCdnDomainSSLCertificate",
      "UpdateDomainHttpsCert",
    ],
    asked: 1,
    holds: async (stage) => {
      expect(stage.host("www.example.com")?.certificateIds).toEqual([stage.certificate("storefront").id]);
      expect(await servedNow(stage)).toEqual(new Set([stage.sha256("storefront")]));
    },
  },
  {
    language: "zh",
    request: () => "谁动过 www.example.com 的证书？什么时候动的？",
    before: (stage) => deployed(stage),
    steps: [
      { tool: "list_jobs", with: () => ({}) },
      { tool: "DescribeCertificateOperateLogs", with: () => ({}) },
    ],
    sent: [],
    asked: 0,
    holds: ({ sandbox }, known) => {
      const [job] = known.last("list_jobs", jobs).jobs;
      const { OperateLogs: log } = known.last(
        "DescribeCertificateOperateLogs",
        z.object({ OperateLogs: z.array(z.object({ CertId: z.string(), Uin: z.string(), CreatedOn: z.string() })) }),
      );
      const uploaded = [...sandbox.account.ssl.certificates.keys()].at(-1);
      expect(job?.certificate?.certificate_id).toBe(uploaded);
      expect(log[0]).toMatchObject({ CertId: uploaded });
    },
  },
  {
    language: "zh",
    request: () => "昨晚的部署有一部分失败了，点播那个域名当时没上线，现在已经好了。把剩下的补完，别的不要动。",
    before: async (stage) => {
      const { vod } = stage.sandbox.account;
      const offline = [...vod];
      vod.clear();
      await deployed(stage, { on_failure: "continue" });
      for (const [name, domain] of offline) vod.set(name, domain);
    },
    steps: [
      { tool: "list_jobs", with: () => ({}) },
      {
        tool: "deploy_certificate",
        with: (known) => ({ ...known.last("list_jobs", jobs).jobs[0]?.to_finish?.arguments }),
      },
    ],
    sent: ["SetVodDomainSSLCertificate"],
    asked: 1,
    holds: async (stage) => expect(await servedNow(stage)).toEqual(new Set([stage.fresh])),
  },
];
