import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvesByToken, textOf } from "../../support/assistant.js";
import {
  holdsPieceOf,
  refused,
  type ScriptedCloud,
  startScriptedCloud,
  tencent,
} from "../../support/scripted-cloud.js";
import { madeMaterial } from "../references/support.js";
import { archiveOf } from "../vault/support.js";

/** Secrets that one call brought, in the reply to another one: as long as they are held, and a while after that. */

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud(approvesByToken, { hostApproves: true });
});
afterAll(() => cloud.close());

const made = madeMaterial();
const digitsOf = (pem: string) => pem.replace(/-----.*-----|\s/g, "");

/** A later, unrelated call, whose reply, refusal and log hold what others brought. */
async function repeated(text: string): Promise<string> {
  const replies: string[] = [];
  for (const shown of [text, JSON.stringify(text), Buffer.from(text).toString("base64"), encodeURIComponent(text)]) {
    cloud.answers(() => refused("InternalError", `x ${shown}`, `rid-${shown}`));
    replies.push(textOf(await cloud.assistant.call("DescribeHostTeoInstanceList", { CertificateId: "AAAAAAAA" })));
    cloud.answers(() => tencent({ TotalCount: 1, Certificates: [{ CertificateId: "AAAAAAAA", Alias: shown }] }));
    replies.push(textOf(await cloud.assistant.call("DescribeCertificates")));
  }
  return replies.join("\n") + cloud.assistant.stderr();
}

it("a key in the vault", async () => {
  const body = digitsOf(made.key);
  cloud.answers(() => tencent({ CertificateId: "AAAAAAAA", CertificatePrivateKey: made.key }));
  await cloud.assistant.call("DescribeCertificateDetail", { CertificateId: "AAAAAAAA" });
  const secret = body.slice(Math.floor(body.length / 2));
  expect(holdsPieceOf(await repeated(secret), secret)).toBe(false);
});

it("an archive in the vault, and the key inside of it", async () => {
  const archive = archiveOf(made);
  cloud.answers(() => tencent({ Content: archive, ContentType: "application/zip" }));
  await cloud.assistant.call("DownloadCertificate", { CertificateId: "AAAAAAAA" });
  expect(holdsPieceOf(await repeated(archive), archive)).toBe(false);
  const secret = digitsOf(made.key).slice(-400);
  expect(holdsPieceOf(await repeated(secret), secret)).toBe(false);
});

describe("siblings", () => {
  const secretDigits = () => cloud.keyDigits.slice(52, 92);

  it("a key that a call in flight has read", async () => {
    let arrived = () => {};
    let letGo = () => {};
    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const released = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    cloud.answers(async () => {
      arrived();
      await released;
      return tencent({ CertificateId: "AAAAAAAA" });
    });
    const upload = cloud.assistant.call("UploadCertificate", {
      CertificatePublicKey: "file:c.pem",
      CertificatePrivateKey: "file:k.pem",
    });
    await there;
    expect(holdsPieceOf(await repeated(secretDigits()), secretDigits())).toBe(false);
    letGo();
    await upload;
  });

  it("a key of a call that waits for a person's decision", async () => {
    const other = await startScriptedCloud(["--approve", "terminal", "--approval-wait", "0.1"]);
    other.answers(() => tencent({}));
    const change = { CertificatePublicKey: "file:c.pem", CertificatePrivateKey: "file:k.pem" };
    expect(textOf(await other.assistant.call("UploadCertificate", change))).toContain("waiting for approval");
    const secret = other.keyDigits.slice(52, 92);
    other.answers(() => refused("InternalError", secret));
    await other.assistant.call("DescribeCertificates");
    const left = other.everything();
    await other.close();
    expect(holdsPieceOf(left, secret)).toBe(false);
  });

  it("a key of a call that has ended, in the record of the job that goes on at the cloud", async () => {
    cloud.answers(() => tencent({ CertificateId: "AAAAAAAA" }));
    await cloud.assistant.call("inspect_certificate", { certificate: "file:c.pem", private_key: "file:k.pem" });
    cloud.answers(() =>
      tencent({ TotalCount: 1, RecordDetailList: [{ Id: 1, ErrorMsg: `bad key ${secretDigits()}` }] }),
    );
    await cloud.assistant.call("DescribeHostUpdateRecordDetail", { DeployRecordId: "1" });
    expect(holdsPieceOf(cloud.everything(), secretDigits())).toBe(false);
  });

  it("a vault entry that had to make room", async () => {
    cloud.answers(() => tencent({ CertificateId: "AAAAAAAA", CertificatePrivateKey: made.key }));
    await cloud.assistant.call("DescribeCertificateDetail", { CertificateId: "AAAAAAAA" });
    for (let entry = 0; entry < 64; entry += 1) {
      cloud.answers(() => tencent({ Id: entry, KeyPassword: `password-${entry}` }));
      await cloud.assistant.call("DescribeCSR", { CSRId: entry });
    }
    const secret = digitsOf(made.key).slice(-400);
    expect(holdsPieceOf(await repeated(secret), secret)).toBe(false);
  });
});
