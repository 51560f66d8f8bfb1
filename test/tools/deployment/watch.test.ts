import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { updateCertificateInstance } from "../../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import type { Job, JobTarget } from "../../../src/jobs/job.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { watchDeployment } from "../../../src/tools/deployment/watch.js";
import { waitFor } from "../../../src/tools/wait-for.js";
import { addressesServing, Station, second } from "../support.js";

const fresh = "a".repeat(64);
const old = "b".repeat(64);

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

const outcome = z.object({
  state: z.string(),
  says: z.string(),
  details: z.object({
    targets: z.array(
      z.object({
        target: z.string(),
        state: z.string(),
        says: z.string().optional(),
        seen_at_edge: z.array(z.string()).optional(),
      }),
    ),
  }),
});
const wait = (id: string, timeout_seconds = 45) =>
  station.run(waitFor, { what: "deployment", id, timeout_seconds }, outcome);

function target(service: JobTarget["service"], changes: Partial<JobTarget> = {}): JobTarget {
  const name = changes.domain ?? service;
  return { id: `${service} ${name}`, service, name, state: "accepted", ...changes };
}

async function jobOf(...targets: readonly JobTarget[]): Promise<Job> {
  const certificate = { sha256: fresh, names: ["*.example.com"], notAfter: "2026-12-31T00:00:00Z", source: {} };
  return station.journal.open({ kind: "deployment", key: "key", certificate, targets: [...targets] });
}

/** As it stands when no process is at work on it. */
async function leftJob(...targets: readonly JobTarget[]): Promise<Job> {
  const { owner: _, ...job } = await jobOf(...targets);
  return station.journal.save(job);
}

const statesIn = async (id: string) => (await station.journal.find(id))?.targets.map(({ state }) => state);

/** A one-click update of the seeded storefront, accepted just now. */
async function record(to = "storefront, next", ResourceTypes = ["cdn", "teo"]): Promise<number> {
  const params = {
    OldCertificateId: station.certificate("storefront"),
    CertificateId: station.certificate(to),
    ResourceTypes,
    ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore"] }],
  };
  for (;;) {
    const { DeployRecordId: id } = z
      .object({ DeployRecordId: z.number() })
      .parse(await station.send(updateCertificateInstance, params));
    if (id > 0) return id;
    station.pass(5 * second);
  }
}

describe("a domain", () => {
  it("is served and untrusted if an address serves it and clients do not trust it there", async () => {
    const domain = "img.example.com";
    const job = await leftJob(target("alibaba-cdn", { domain }));
    const served = addressesServing(domain, fresh);
    const doubted = served.addresses.map(({ certificates, ...at }) => ({
      ...at,
      certificates: certificates.map((each) => ({ ...each, trusted: false, distrust: "its root is not trusted" })),
    }));
    station.edge.serve(domain, () => ({ ...served, addresses: doubted }));
    const { details } = await wait(job.id);
    expect(details.targets).toMatchObject([
      { state: "served", says: expect.stringContaining("; not trusted: its root") },
    ]);
    expect((await station.journal.find(job.id))?.targets).toMatchObject([{ state: "served", untrusted: true }]);
  });

  it("is no longer untrusted once clients were seen to trust what it serves", async () => {
    const domain = "img.example.com";
    const job = await leftJob(target("alibaba-cdn", { domain, untrusted: true }));
    station.edge.serve(domain, () => addressesServing(domain, fresh));
    await wait(job.id);
    const [seen] = (await station.journal.find(job.id))?.targets ?? [];
    expect(seen).toMatchObject({ state: "served" });
    expect(seen).not.toHaveProperty("untrusted");
  });

  it("is served when every address was seen to serve it", async () => {
    const job = await leftJob(target("alibaba-cdn", { domain: "img.example.com" }));
    station.edge.serve(
      "img.example.com",
      () => addressesServing("img.example.com", old, old),
      () => addressesServing("img.example.com", fresh, old),
      () => addressesServing("img.example.com", fresh, fresh),
    );
    const reply = await wait(job.id);
    expect(reply.state).toBe("done");
    expect(reply.says).toMatch(/1 served\..* is in the reply to deploy_certificate \(left\)/);
    expect(reply.details.targets).toEqual([
      { target: "img.example.com", state: "served", says: "img.example.com: served at 2 of 2 addresses" },
    ]);
    expect(await statesIn(job.id)).toEqual(["served"]);
    expect(station.paused).toBe(3 * second);
  });

  it.each([
    ["one address has another certificate", () => addressesServing("img.example.com", fresh, old)],
    ["one address does not answer", () => addressesServing("img.example.com", fresh, { problem: "no answer" })],
    ["there is no address", () => addressesServing("img.example.com")],
  ])("stays accepted while %s", async (_name, look) => {
    const job = await leftJob(target("huawei-live", { domain: "img.example.com" }));
    station.edge.serve("img.example.com", look);
    const reply = await wait(job.id, 10);
    expect(reply.state).toBe("still running");
    expect(reply.says).toContain("Still running after 10 s.");
    expect(await statesIn(job.id)).toEqual(["accepted"]);
  });

  it("that stands for many names is not looked at, and stays accepted", async () => {
    const job = await leftJob(target("alibaba-cdn", { domain: ".cdn.example.com" }));
    const reply = await wait(job.id);
    expect(reply.state).toBe("needs a person");
    expect(reply.details.targets[0]?.says).toMatch(
      /stands for many names .*: check_served_certificate with a host below it that exists, and fingerprint [0-9a-f]{64}/,
    );
    expect(station.edge.looked).toEqual([]);
    expect(station.paused).toBe(0);
  });

  it("that the operator does not let be looked at stays accepted", async () => {
    const job = await leftJob(target("tencent-edgeone", { domain: "www.example.com", zoneId: "zone-1" }));
    station.edge.serve("www.example.com", () => {
      throw new ToolError({ kind: "refused", happened: "Not allowed here.", changed: "no", next: "Stop." });
    });
    expect(await wait(job.id)).toMatchObject({ state: "needs a person" });
    expect((await station.journal.find(job.id))?.targets[0]).toMatchObject({
      state: "accepted",
      says: "www.example.com: Not allowed here.",
    });
  });
});

describe("a one-click record", () => {
  const ofRecord = (recordId: number) => target("tencent-ssl", { recordId, oldCertificateId: "abcd1234" });

  it("is served when the edge shows each of its domains, not before", async () => {
    const job = await leftJob(ofRecord(await record()));
    station.edge.serve("static.example.com", () => addressesServing("static.example.com", fresh));
    station.edge.serve(
      "www.example.com",
      () => addressesServing("www.example.com", old),
      () => addressesServing("www.example.com", fresh),
    );
    const reply = await wait(job.id);
    expect(reply.state).toBe("done");
    expect(reply.details.targets[0]?.says).toContain("reports 2 of 2 resources settled: 2 deployed");
    expect(await statesIn(job.id)).toEqual(["served"]);
  });

  it("that is finished but not seen at the edge is passed on as such", async () => {
    const job = await leftJob(ofRecord(await record()));
    const reply = await wait(job.id);
    expect(reply.state).toBe("still running");
    expect(reply.details.targets[0]).toMatchObject({
      state: "accepted",
      says: expect.stringMatching(/record \d+ reports 2 of 2 .*; served under 0 of 2 names$/),
      seen_at_edge: [expect.stringMatching(/does not resolve$/), expect.stringMatching(/does not resolve$/)],
    });
    expect(await statesIn(job.id)).toEqual(["accepted"]);
  });

  it("that failed somewhere makes the target fail, with what and why", async () => {
    const job = await leftJob(ofRecord(await record("mail", ["cdn"])));
    expect(await wait(job.id)).toMatchObject({ state: "failed" });
    expect((await station.journal.find(job.id))?.targets[0]).toMatchObject({
      state: "failed",
      says: expect.stringContaining("does not cover static.example.com"),
    });
  });

  it("with a listener that has no domain cannot be seen as a whole", async () => {
    const certificateId = station.certificate("storefront");
    const listener = {
      id: "lbl-plain",
      name: "",
      port: 443,
      protocol: "TCP_SSL",
      sni: false,
      certificateId,
      changedAt: station.now(),
      rules: [],
    } as const;
    station.sandbox.account.ssl.loadBalancers.push({
      id: "lb-plain",
      name: "",
      region: "ap-singapore",
      listeners: [listener],
    });
    const job = await leftJob(ofRecord(await record("storefront, next", ["clb"])));
    for (const domain of ["www.example.com", "shop.example.com"]) {
      station.edge.serve(domain, () => addressesServing(domain, fresh));
    }
    const reply = await wait(job.id);
    expect(reply.state).toBe("needs a person");
    expect(reply.details.targets[0]?.says).toContain("1 resources have no domain that could be looked at");
    expect(await statesIn(job.id)).toEqual(["accepted"]);
  });

  it("leaves a domain to the target of its own that is to serve something else", async () => {
    const job = await leftJob(
      ofRecord(await record("storefront, next", ["clb", "cdn"])),
      target("tencent-edgeone", { domain: "shop.example.com", zoneId: "zone-1", expected: "none" }),
    );
    for (const domain of ["www.example.com", "static.example.com"]) {
      station.edge.serve(domain, () => addressesServing(domain, fresh));
    }
    station.edge.serve("shop.example.com", () => addressesServing("shop.example.com", { problem: "no name" }));
    const reply = await wait(job.id);
    expect(reply.state).toBe("done");
    expect(await statesIn(job.id)).toEqual(["served", "served"]);
    expect(reply.details.targets[0]?.says).toContain("shop.example.com has a target of its own");
    expect(reply.details.targets[1]?.says).toContain("shop.example.com: no HTTPS at 1 of 1 addresses");
  });

  it("of which every domain is left to targets of their own cannot be seen", async () => {
    const job = await leftJob(
      ofRecord(await record("storefront, next", ["cdn"])),
      target("alibaba-cdn", { domain: "static.example.com", expected: old, state: "served" }),
    );
    expect(await wait(job.id)).toMatchObject({ state: "needs a person" });
    expect(await statesIn(job.id)).toEqual(["accepted", "served"]);
  });

  it("that does not exist is not waited for", async () => {
    const job = await leftJob(ofRecord(1));
    const reply = await wait(job.id);
    expect(reply).toMatchObject({ state: "needs a person" });
    expect(reply.details.targets[0]?.says).toContain("CertificateDeployNotExist");
    expect(station.paused).toBe(0);
  });
});

describe("a job", () => {
  it("of which something was never done has failed, and says how to go on", async () => {
    const job = await leftJob(
      target("alibaba-cdn", { domain: "img.example.com", state: "served" }),
      target("alibaba-vod", { domain: "vod.example.com", state: "failed", says: "refused" }),
      target("huawei-live", { domain: "play.example.com", state: "not attempted" }),
    );
    const reply = await wait(job.id);
    expect(reply.state).toBe("failed");
    expect(reply.says).toBe(
      `Job ${job.id}: 1 served, 1 failed, 1 not attempted. The same call again does only what is left.`,
    );
    expect(station.edge.looked).toEqual([]);
  });

  it("with a request of unknown outcome has not failed: it may still take effect", async () => {
    const job = await leftJob(target("alibaba-cdn", { domain: "img.example.com", state: "sending" }));
    const reply = await station.run(waitFor, { what: "deployment", id: job.id }, outcome.passthrough());
    expect(reply).toMatchObject({
      state: "needs a person",
      says: `Job ${job.id}: 1 outcome unknown. The same call again first looks for what was sent.`,
      wait_ended: "waiting changes nothing: a person has to act",
    });
  });

  it("on which a process is at work is only looked at: its journal is not written", async () => {
    const claim = await station.journal.claim("key");
    const job = await jobOf(
      target("alibaba-cdn", { domain: "img.example.com" }),
      target("huawei-live", { domain: "play.example.com", state: "pending" }),
    );
    station.edge.serve("img.example.com", () => addressesServing("img.example.com", fresh));
    expect(await wait(job.id, 5)).toMatchObject({ state: "still running" });
    expect(await station.journal.find(job.id)).toEqual(job);
    await claim.release();
  });

  it("is written with what became of others meanwhile", async () => {
    const job = await leftJob(
      target("alibaba-cdn", { domain: "img.example.com" }),
      target("huawei-live", { domain: "play.example.com", state: "pending" }),
    );
    let written: Promise<Job> | undefined;
    station.edge.serve("img.example.com", () => {
      const targets = job.targets.map((it): JobTarget => (it.state === "pending" ? { ...it, state: "served" } : it));
      written = station.journal.save({ ...job, targets });
      return addressesServing("img.example.com", fresh);
    });
    // The other writer is faster than the look.
    const { inspect } = station.edge;
    station.edge.inspect = async (domain) => {
      const found = await inspect.call(station.edge, domain);
      await written;
      return found;
    };
    await wait(job.id);
    expect(await statesIn(job.id)).toEqual(["served", "served"]);
  });

  it("is followed by its owner, with every step in the journal", async () => {
    const claim = await station.journal.claim("key");
    const job = await jobOf(
      target("alibaba-cdn", { domain: "img.example.com" }),
      target("alibaba-vod", { domain: "vod.example.com" }),
    );
    station.edge.serve("img.example.com", () => addressesServing("img.example.com", fresh));
    station.edge.serve("vod.example.com", () => addressesServing("vod.example.com", old));
    const seen: (readonly string[] | undefined)[] = [];
    let last = Promise.resolve();
    station.duringPauses(() => {
      last = last.then(async () => void seen.push(await statesIn(job.id)));
    });
    const { job: followed } = await watchDeployment(job, station.context, 10 * second);
    await last;
    expect(followed.targets.map(({ state }) => state)).toEqual(["served", "accepted"]);
    expect(await station.journal.find(job.id)).toEqual(followed);
    await claim.release();
    expect(seen[0]).toEqual(["served", "accepted"]);
    expect(station.edge.looked.filter((domain) => domain === "img.example.com")).toHaveLength(1);
  });

  it("may expect something else of each target", async () => {
    const job = await jobOf(target("alibaba-cdn", { domain: "img.example.com", expected: old }));
    station.edge.serve("img.example.com", () => addressesServing("img.example.com", old));
    const { job: followed } = await watchDeployment(job, station.context, second);
    expect(followed.targets[0]?.state).toBe("served");
  });

  it("that is taken back ends at once; what was seen stays in the journal", async () => {
    const job = await jobOf(
      target("alibaba-cdn", { domain: "img.example.com" }),
      target("alibaba-vod", { domain: "vod.example.com" }),
    );
    station.edge.serve("img.example.com", () => addressesServing("img.example.com", fresh));
    station.duringPauses(() => station.cancel());
    const failure = await watchDeployment(job, station.context, 60 * second).catch((error: unknown) => error);
    expect(failure).toMatchObject({ details: { kind: "cancelled" } });
    expect(await statesIn(job.id)).toEqual(["served", "accepted"]);
  });
});
