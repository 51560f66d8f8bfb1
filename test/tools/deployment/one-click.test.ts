import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { updateCertificateInstance } from "../../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { accepted } from "../../../src/jobs/job.js";
import { PreviousRuns } from "../../../src/jobs/previous-runs.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import type { ToolContext } from "../../../src/pipeline/tool.js";
import type { DeploymentContext } from "../../../src/tools/deployment/deployer.js";
import { oneClickDeployer } from "../../../src/tools/deployment/one-click.js";
import { planTarget } from "../../../src/tools/deployment/target-plan.js";
import { watchTarget } from "../../../src/tools/deployment/watch-target.js";
import { Station, second } from "../support.js";

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

/** What the program makes of the cloud's reply to a one-click update. */
async function interpreted(reply: JsonObject, waited: number) {
  const [oldId, certificateId] = [station.certificate("storefront"), station.certificate("storefront, next")];
  const params = { OldCertificateId: oldId, CertificateId: certificateId, ResourceTypes: ["cdn"] };
  const step = { name: "all of it", operation: updateCertificateInstance, params, pollUntilDone: true };
  const target = { id: "t", service: "tencent-ssl" as const, name: "t", state: "sending" as const };
  return oneClickDeployer.interpretReply({ target, step, reply, attempt: 3, waited, certificateId }, station.context);
}

/** As the cloud answers while it looks for what uses the old certificate. */
const gathering = {
  DeployRecordId: 0,
  DeployStatus: 1,
  UpdateSyncProgress: [{ ResourceType: "cdn", UpdateSyncProgressRegions: [], Status: 3 }],
};

async function failureOf(call: Promise<unknown>) {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ToolError)) throw new Error(`it did not fail: ${String(error)}`);
  return error.details;
}

describe("a one-click update for which the cloud still looks for resources", () => {
  it("is asked about again", async () => {
    expect(await interpreted(gathering, 179 * second)).toBeUndefined();
    expect(station.paused).toBeGreaterThan(0);
  });

  it("is of unknown outcome when nothing more is waited for: the cloud has the request, and may deploy later", async () => {
    const failure = await failureOf(interpreted(gathering, 180 * second));
    expect(failure).toMatchObject({ kind: "cloud", changed: "unknown", sent: true });
    expect(failure.happened).toMatch(/took the request .* may deploy once it is through/);
    expect(failure.next).toContain("again with the same arguments");
  });
});

describe("what a one-click update cannot change", () => {
  const lighthouse = {
    ResourceType: "lighthouse",
    BindResourceRegionResult: [{ Region: "ap-guangzhou", TotalCount: 1, Error: "" }],
  };
  const tasks = z.object({ SyncTaskBindResourceResult: z.array(z.object({}).passthrough()) }).passthrough();
  const stays = /1 LIGHTHOUSE in ap-guangzhou cannot be updated here, so .* stays there/;

  /** The plan while the old certificate is used as the sandbox says, or nowhere any more, and by a LIGHTHOUSE. */
  async function planned({ isMoved }: { readonly isMoved: boolean }) {
    const { context } = station;
    const read: ToolContext["read"] = async (operation, params) => {
      const reply = await context.read(operation, params);
      if (operation.name !== "DescribeCertificateBindResourceTaskResult") return reply;
      const all = tasks.parse(reply);
      const SyncTaskBindResourceResult = all.SyncTaskBindResourceResult.map((task) => {
        const used = z.array(z.unknown()).catch([]).parse(task.BindResourceResult);
        return { ...task, BindResourceResult: [...(isMoved ? [] : used), lighthouse] };
      });
      return { ...all, SyncTaskBindResourceResult };
    };
    const deploymentContext: DeploymentContext = {
      context: { ...context, read },
      listedCertificates: async () => {
        throw new Error("not needed");
      },
      listingCertificateId: undefined,
      updatesInProgress: async () => [],
      earlier: new PreviousRuns(await station.journal.read(), "key", station.now()),
      storedCertificate: async () => {
        throw new Error("not needed");
      },
    };
    const [old, next] = [station.certificate("storefront"), station.certificate("storefront, next")];
    const facts = { sha256: "a".repeat(64), names: [], notAfter: "2027-01-01", source: {}, certificateId: next };
    const desired = { facts, algorithm: "RSA", incomplete: false, certificates: 2 };
    const jobTarget = { id: "t", service: "tencent-ssl" as const, name: "t", state: "pending" as const };
    return planTarget({ jobTarget: { ...jobTarget, oldCertificateId: old } }, desired, deploymentContext);
  }

  it("is told by the target that was served, not only by the plan", async () => {
    const { target } = await planned({ isMoved: false });
    const watched = await watchTarget(
      { ...accepted(target, station.now()), recordId: 1 },
      { expected: { sha256: "a".repeat(64) }, elsewhere: [] },
      station.context,
    );
    expect(watched.target.says).toMatch(stays);
  });

  it("leaves nothing to send once an update has moved the rest, and blocks where none was made", async () => {
    const before = await planned({ isMoved: true });
    expect(before).toMatchObject({ target: { state: "not attempted", says: expect.stringMatching(stays) } });
    await station.send(updateCertificateInstance, {
      OldCertificateId: station.certificate("storefront"),
      CertificateId: station.certificate("storefront, next"),
      ResourceTypes: ["cdn"],
    });
    station.pass(60 * second);
    await station.send(updateCertificateInstance, {
      OldCertificateId: station.certificate("storefront"),
      CertificateId: station.certificate("storefront, next"),
      ResourceTypes: ["cdn"],
    });
    const after = await planned({ isMoved: true });
    expect(after).toMatchObject({ target: { state: "unchanged", says: expect.stringMatching(stays) } });
    expect(after.step).toBeUndefined();
  });
});

it("a one-click update that did not start because another one runs has changed nothing", async () => {
  const failure = await failureOf(interpreted({ DeployRecordId: 77, DeployStatus: 0 }, 0));
  expect(failure).toMatchObject({ changed: "no" });
  expect(failure.happened).toContain("another deployment of the old certificate is running, record 77");
});

it("a one-click update has the record that the cloud names", async () => {
  const named = { DeployRecordId: 78, DeployStatus: 1, RequestId: "r-1" };
  expect(await interpreted(named, 0)).toEqual({ recordId: 78, requestId: "r-1" });
});
