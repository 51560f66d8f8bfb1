import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeCertificateDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { readConfiguration } from "../../src/config/command-line.js";
import { ToolError, unusable } from "../../src/lib/tool-error.js";
import { chosenAccount, commandAccounts } from "../../src/setup/accounts.js";
import { callOnce } from "../../src/unattended/call.js";
import { type Headless, openHeadless } from "../../src/unattended/headless.js";
import { submit } from "../approval/page/support.js";

let headless: Headless;
let logged: string[];
beforeEach(async () => {
  logged = [];
  const env = { HOME: mkdtempSync(join(tmpdir(), "cc-call-")) };
  const configuration = readConfiguration(["--sandbox", "--approve", "page"], {});
  headless = await openHeadless({
    account: chosenAccount(await commandAccounts(configuration, env), undefined),
    accounts: [],
    env,
    asks: "a person",
    err: {
      write: (line: string) => {
        logged.push(line);
        const [, link] = /waits for approval: (http\S+)/.exec(line) ?? [];
        if (link !== undefined) void submit(link, { decision: "approve" });
        return true;
      },
    },
    stop: new AbortController().signal,
  });
});
afterEach(() => headless.close());

async function firstCertificate() {
  const { result } = await callOnce(describeCertificates, { Limit: 1 }, headless);
  return describeCertificates.result.parse(result).Certificates[0];
}

describe("a change that was carried out", () => {
  it.each([
    ["a defect", new TypeError("Cannot read properties of undefined")],
    // What an error of ours says of a change is about its request, which it cannot know here.
    ["an error of ours", new ToolError(unusable("It is not as expected.").details)],
  ])("is reported as made, and not to be repeated, if %s keeps its reply from being processed", async (_, failure) => {
    const rename = {
      ...modifyCertificateAlias,
      sideEffect: () => {
        throw failure;
      },
    };
    const { CertificateId } = (await firstCertificate()) ?? {};
    const call = await callOnce(rename, { CertificateId, Alias: "renamed" }, headless);
    expect(call).toMatchObject({ outcome: "done", result: {} });
    expect(call.error).toBeUndefined();
    expect(call.notes).toEqual([
      "ModifyCertificateAlias was accepted, but its reply could not be fully processed, so none of it is shown. Do not repeat the call; read the current state.",
    ]);
    expect(rename.result.safeParse(call.result).success).toBe(true);
    expect(logged.join("")).toContain(failure.message);
    expect((await firstCertificate())?.Alias).toBe("renamed");
  });

  it("may be made again if all that it does is bring a key", async () => {
    const detail = {
      ...describeCertificateDetail,
      sideEffect: () => {
        throw new TypeError("Cannot read properties of undefined");
      },
    };
    const { CertificateId } = (await firstCertificate()) ?? {};
    const call = await callOnce(detail, { CertificateId }, headless);
    expect(call).toMatchObject({ outcome: "done", result: {} });
    expect(call.notes).toEqual([
      "DescribeCertificateDetail was accepted, but its reply could not be fully processed, so none of it is shown. Nothing was changed in the cloud: to get what was asked for, make the call again, which is approved anew.",
    ]);
  });
});
