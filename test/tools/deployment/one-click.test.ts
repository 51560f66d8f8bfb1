import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { updateCertificateInstance } from "../../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { oneClickDeployer } from "../../../src/tools/deployment/one-click.js";
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

it("a one-click update that did not start because another one runs has changed nothing", async () => {
  const failure = await failureOf(interpreted({ DeployRecordId: 77, DeployStatus: 0 }, 0));
  expect(failure).toMatchObject({ changed: "no" });
  expect(failure.happened).toContain("another deployment of the old certificate is running, record 77");
});

it("a one-click update has the record that the cloud names", async () => {
  const named = { DeployRecordId: 78, DeployStatus: 1, RequestId: "r-1" };
  expect(await interpreted(named, 0)).toEqual({ recordId: 78, requestId: "r-1" });
});
