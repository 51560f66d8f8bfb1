import { describe, expect, it } from "vitest";
import { setCdnDomainSSLCertificate } from "../../../src/catalogue/alibaba-edges.js";
import { noHttps } from "../../../src/catalogue/serving.js";
import type { Job, JobTarget } from "../../../src/jobs/job.js";
import { requestsIn } from "../../../src/jobs/requests.js";
import { rollbacksOf, rolledBackWarnings } from "../../../src/tools/deployment/rolled-back.js";
import { at, jobOn, leaf } from "../../jobs/support.js";

const until = at(90);

/** A deployment of certificate 7 to these targets, and its rollback there. */
function deployedAndBack(...places: readonly JobTarget[]): Job[] {
  const targets = places.map((place) => ({ ...place, state: "served" as const }));
  const undone = jobOn({ number: 1, day: 1, certificate: 7, until, targets });
  const rollback = { number: 2, kind: "rollback" as const, of: undone.id, day: 2, certificate: 7, until, targets };
  return [jobOn(rollback), undone];
}

const host: JobTarget = {
  id: "tencent-edgeone/www.example.com/zone-1",
  name: "www.example.com",
  service: "tencent-edgeone",
  domain: "www.example.com",
  zoneId: "zone-1",
  state: "pending",
  before: { certificateIds: ["old1"] },
};
const oneClick = (resourceTypes?: string[]): JobTarget => ({
  id: "tencent-ssl/old1",
  name: "Resources that use certificate old1",
  service: "tencent-ssl",
  oldCertificateId: "old1",
  state: "pending",
  ...(resourceTypes && { resourceTypes }),
});

const backAt = (jobs: readonly Job[], target: JobTarget, certificate = 7) =>
  rollbacksOf(
    { facts: { sha256: leaf(certificate), names: [], notAfter: until, source: {} } },
    { jobs, requests: requestsIn(jobs, undefined) },
  )(target)?.rollback.id;

describe("where a certificate was rolled back", () => {
  it("is known by service and domain, also under another zone; another certificate was not", () => {
    const jobs = deployedAndBack(host);
    expect(backAt(jobs, host)).toBe("00000002");
    expect(backAt(jobs, { ...host, id: "tencent-edgeone/www.example.com/zone-2", zoneId: "zone-2" })).toBe("00000002");
    expect(backAt(jobs, { ...host, id: "other", domain: "other.example.com", before: {} })).toBeUndefined();
    expect(backAt(jobs, { ...host, service: "alibaba-cdn" })).toBeUndefined();
    expect(backAt(jobs, host, 8)).toBeUndefined();
  });

  it("includes the hosts that a one-click update takes along, and the updates that take such a host along", () => {
    expect(backAt(deployedAndBack(host), oneClick())).toBe("00000002");
    expect(backAt(deployedAndBack(host), oneClick(["teo"]))).toBe("00000002");
    expect(backAt(deployedAndBack(host), oneClick(["cdn"]))).toBeUndefined();
    const update = deployedAndBack({ ...oneClick(), domain: undefined });
    expect(backAt(update, host)).toBe("00000002");
    expect(backAt(update, { ...host, before: { certificateIds: ["old2"] } })).toBeUndefined();
  });

  it("is nowhere after HTTPS was turned off and on again", () => {
    const jobs = deployedAndBack(host).map((job) => ({ ...job, certificate: { ...job.certificate, sha256: noHttps } }));
    expect(backAt(jobs, host)).toBeUndefined();
  });

  it("is told to whoever decides about it, once for each rollback, and not where nothing would be sent", () => {
    const [one, two] = ["a.example.com", "b.example.com"].map((domain): JobTarget => ({ ...host, id: domain, domain }));
    if (one === undefined || two === undefined) throw new Error("two targets");
    const jobs = deployedAndBack(one, two);
    const { certificate } = jobs[0] ?? {};
    if (certificate === undefined) throw new Error("a job");
    const rollbackAt = rollbacksOf({ facts: certificate }, { jobs, requests: requestsIn(jobs, undefined) });
    const step = { name: "step", operation: setCdnDomainSSLCertificate, params: {} };
    const told = rolledBackWarnings(
      [
        { target: one, step },
        { target: two, step },
      ],
      rollbackAt,
    );
    expect(told.map(({ severity, says }) => `${severity}: ${says}`)).toEqual([
      "caution: Job 00000001, which was to serve this certificate on EdgeOne host a.example.com (zone-1), EdgeOne host b.example.com (zone-1), was rolled back on 2026-04-03 by job 00000002.",
    ]);
    expect(rolledBackWarnings([{ target: one }, { target: two }], rollbackAt)).toEqual([]);
  });
});
