import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Serving } from "../../src/catalogue/serving.js";
import { applyCertificate } from "../../src/catalogue/tencent-ssl/apply-certificate.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { alreadyRequested } from "../../src/jobs/rollout.js";
import { sendRecorded } from "../../src/jobs/send-recorded.js";
import { safe } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";

/** A single operation whose journal breaks while its request is on its way. */

const now = () => new Date("2026-04-01T10:00:00Z");
const serving: Serving = {
  id: "alibaba-cdn img.example.com",
  service: "alibaba-cdn",
  name: safe`CDN domain img.example.com`,
  domain: "img.example.com",
  certificate: "none",
};

function breakable() {
  const folder = mkdtempSync(join(tmpdir(), "cc-operation-"));
  return {
    journal: new Journal(new JobFiles(folder), now),
    // A file in the place of the folder fails as a full or a removed disk does, whoever runs the test.
    breakIt: () => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, "");
    },
    mendIt: () => {
      rmSync(folder);
      mkdirSync(folder);
    },
  };
}

it("that the cloud accepted is reported as accepted", async () => {
  const { journal, breakIt } = breakable();
  const sent = sendRecorded("SetCdnDomainSSLCertificate", [serving], journal, now, async () => {
    breakIt();
    return "accepted";
  });
  expect(await sent).toBe("accepted");
});

it("that the cloud refused is reported as refused", async () => {
  const { journal, breakIt } = breakable();
  const refusal = new ToolError({ kind: "cloud", happened: "Refused.", changed: "no", next: "Ask." });
  const sent = sendRecorded("SetCdnDomainSSLCertificate", [serving], journal, now, async () => {
    breakIt();
    throw refusal;
  });
  await expect(sent).rejects.toBe(refusal);
});

it("is not sent where it cannot be recorded", async () => {
  const { journal, breakIt, mendIt } = breakable();
  breakIt();
  const sent: string[] = [];
  const send = () =>
    sendRecorded("SetCdnDomainSSLCertificate", [serving], journal, now, async () => void sent.push("x"));
  await expect(send()).rejects.toThrow("nothing was sent");
  expect(sent).toEqual([]);
  mendIt();
  await send();
  expect(sent).toEqual(["x"]);
});

describe("an application, of which a second call makes another one", () => {
  const asked = applyCertificate.storeRequest?.({ DvAuthMethod: "DNS_AUTO", DomainName: "img.example.com" });
  const failing = (changed: "no" | "unknown") =>
    new ToolError({ kind: "cloud", happened: "The connection failed.", changed, next: "Look." });
  const sending = async (send: () => Promise<string>) => {
    const { journal } = breakable();
    if (asked === undefined) throw new Error("it records nothing");
    await sendRecorded("ApplyCertificate", [asked], journal, now, send).catch(() => undefined);
    const { requests, jobs } = await journal.read();
    return { requests, jobs, warnings: alreadyRequested([asked], requests, now()) };
  };

  it("is kept in mind where its reply was lost, and a second one is warned of", async () => {
    const { requests, jobs, warnings } = await sending(() => Promise.reject(failing("unknown")));
    expect(jobs).toEqual([]);
    expect(requests).toMatchObject([{ isAccepted: false, target: { domain: "img.example.com" } }]);
    expect(warnings.map(({ says }) => String(says)).join()).toContain("sent with unknown outcome 2026-04-01");
  });

  it("is kept in mind where it was accepted: its list may lag", async () => {
    const { requests } = await sending(async () => "accepted");
    expect(requests).toMatchObject([{ isAccepted: true }]);
  });

  it("is forgotten where it was refused", async () => {
    const { requests, warnings } = await sending(() => Promise.reject(failing("no")));
    expect([requests, warnings]).toEqual([[], []]);
  });
});
