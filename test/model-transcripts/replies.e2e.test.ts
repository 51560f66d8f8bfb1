import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { wide } from "../support/width.js";
import { Stage } from "./stage.js";
import { Known } from "./transcript.js";

/** What a reply has to hold so that the next call can be made, and what it must not let anybody believe. */

const deployed = z.object({
  job: z.string().optional(),
  certificate: z.object({ certificate_id: z.string().optional() }),
  targets: z.array(z.object({ state: z.string(), says: z.string().optional() })),
  next: z.string(),
});

describe("deploy_certificate", () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open(600, []);
    await stage.begin();
  });
  afterEach(() => stage.close());

  it("gives the id of what it uploaded, in its reply and in the journal", wide, async () => {
    const reply = await stage.assistant.result("deploy_certificate", {
      certificate: `file:${stage.folder}/new.crt`,
      private_key: `file:${stage.folder}/new.key`,
      targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }],
    });
    const { certificate_id: id } = deployed.parse(reply).certificate;
    expect(stage.host("www.example.com")?.certificateIds).toEqual([id]);
    const { jobs } = z
      .object({ jobs: z.array(z.record(z.unknown())) })
      .parse(await stage.assistant.result("list_jobs", {}));
    expect(jobs).toEqual([
      expect.objectContaining({ certificate: expect.objectContaining({ certificate_id: id, sha256: stage.fresh }) }),
    ]);
    // Nothing is left, so there is no call to finish it.
    expect(jobs[0]).not.toHaveProperty("to_finish");
  });

  it("does not let a redirect pass for set where the certificate is there already", wide, async () => {
    const reply = await stage.assistant.result("deploy_certificate", {
      certificate_id: stage.certificate("storefront").id,
      targets: [{ service: "huawei-live", domains: ["play.example.com"], force_redirect: true }],
    });
    expect(deployed.parse(reply)).toMatchObject({
      targets: [{ state: "unchanged", says: expect.stringContaining("UpdateDomainHttpsCert") }],
      next: "Nothing is left to do.",
    });
    expect(stage.sandbox.account.live.get("play.example.com")?.forceRedirect).toBe(false);
    expect(stage.questions).toEqual([]);
  });

  it("answers as soon as nothing more can come, though a target failed", wide, async () => {
    stage.sandbox.account.vod.clear();
    const reply = await stage.assistant.result("deploy_certificate", {
      certificate: `file:${stage.folder}/new.crt`,
      private_key: `file:${stage.folder}/new.key`,
      targets: [
        { service: "alibaba-vod", domains: ["vod.example.com"] },
        { service: "alibaba-cdn", domains: ["img.example.com"] },
      ],
      on_failure: "continue",
      // Longer than this test may take.
      wait_seconds: 600,
    });
    expect(deployed.parse(reply).targets.map(({ state }) => state)).toEqual(["failed", "served"]);
  });
});

it("a transcript cannot use what the assistant has not read", () => {
  const known = new Known("put vault:ab on www.example.com", "parts: #key");
  expect(known.unread({ a: "vault:ab#key", targets: [{ domains: ["www.example.com"], on: true }] })).toEqual([]);
  expect(known.unread({ a: ["img.example.com"], b: { c: 17 }, d: "vault:ab#leaf" })).toEqual([
    "img.example.com",
    "17",
    "#leaf",
  ]);
  known.add("list_jobs", "", { job: 17 });
  expect(known.unread(17)).toEqual([]);
});
