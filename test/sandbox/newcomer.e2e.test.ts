import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { options } from "../../src/config/options.js";
import { startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, pointedAt, saysYes, startAssistant } from "../support/assistant.js";
import { wide } from "../support/width.js";

/**
 * What somebody meets who tries the sandbox with its defaults: nothing of an earlier try shows up, and nothing takes long.
 *
 * Siblings: https://github.com/floci-io/floci/issues/2965 (what ran in an earlier start runs forever),
 * https://github.com/ert78gb/google-datastore-emulator/issues/26 (a start meets what the last one left),
 * https://github.com/google/android-emulator-container-scripts/pull/13 (what a killed one left stands in the way).
 */

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const found = z.object({
  certificates: z.array(z.object({ certificate_id: z.string(), alias: z.string().optional() })),
});

async function idOf(assistant: Assistant, alias: string): Promise<string> {
  const { certificates } = found.parse(await assistant.result("find_certificates"));
  return certificates.find((each) => each.alias === alias)?.certificate_id ?? "";
}

describe("the journal of a sandbox ends with it", () => {
  const home = mkdtempSync(join(tmpdir(), "cc-home-"));
  const scratch = mkdtempSync(join(tmpdir(), "cc-scratch-"));
  const env = { HOME: home, XDG_STATE_HOME: join(home, "state"), TMPDIR: scratch };
  const begin = async (...flags: string[]) => {
    const assistant = await startAssistant(["--sandbox", ...flags], { env, person: saysYes });
    cleanups.push(() => assistant.close());
    return assistant;
  };
  const deploy = async (assistant: Assistant) => {
    const id = await idOf(assistant, "storefront, next");
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
    await assistant.result("deploy_certificate", { certificate_id: id, targets, wait_seconds: 0 });
    return z.object({ jobs: z.array(z.unknown()) }).parse(await assistant.result("list_jobs")).jobs;
  };
  const knowsNoJob = async (assistant: Assistant) => {
    const jobs = await assistant.result("list_jobs");
    expect(jobs).toMatchObject({ jobs: [] });
    expect(jobs).not.toHaveProperty("of_other_accounts_or_endpoints");
  };
  const kept = () => readdirSync(scratch).filter((name) => name.startsWith("cloudcert-sandbox-"));

  it("when the server ends as it should, and when it is killed: the next one does not look there", wide, async () => {
    const first = await begin();
    expect(await deploy(first)).toHaveLength(1);
    await first.close();
    await expect.poll(kept).toEqual([]);
    const second = await begin();
    await knowsNoJob(second);
    expect(await deploy(second)).toHaveLength(1);
    process.kill(second.pid, "SIGKILL");
    await knowsNoJob(await begin());
  });

  it("and with a directory that was named: nothing of it gets among real jobs", wide, async () => {
    const folder = join(home, "named");
    expect(await deploy(await begin("--jobs", folder))).toHaveLength(1);
    expect(existsSync(folder)).toBe(false);
  });
});

it("with its default speed each wait is over after two looks", wide, async () => {
  const sandbox = await startSandbox({ speed: options.sandboxSpeed.fallback });
  cleanups.push(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), "cc-newcomer-"));
  const { certificatePem, privateKeyPem } = await sandbox.account.authority.issue({
    names: ["example.com", "*.example.com"],
    key: "EC-P256",
    notBefore: new Date(Date.now() - 1_000),
    notAfter: new Date(Date.now() + 90 * 24 * 3_600_000),
  });
  writeFileSync(join(folder, "site.crt"), certificatePem);
  writeFileSync(join(folder, "site.key"), privateKeyPem);
  const { args, env } = pointedAt(sandbox);
  const assistant = await startAssistant([...args, "--files", folder], { env: { ...env, HOME: folder } });
  cleanups.push(() => assistant.close());
  const [old, unused] = [await idOf(assistant, "storefront"), await idOf(assistant, "mail")];

  await assistant.result("UploadCertificate", {
    CertificatePublicKey: `file:${folder}/site.crt`,
    CertificatePrivateKey: `file:${folder}/site.key`,
  });
  const targets = [{ service: "tencent-ssl", old_certificate_id: old, resource_types: ["clb"] }];
  const pair = { certificate: `file:${folder}/site.crt`, private_key: `file:${folder}/site.key` };
  await assistant.result("deploy_certificate", { ...pair, targets });
  await assistant.result("DeleteCertificate", { CertificateId: unused, IsCheckResource: true });
  const deletion = await assistant.result("wait_for", { what: "deletion", id: unused });
  expect(deletion).toMatchObject({ state: "done" });

  // The first pause of each wait is a second at most, so that their number bounds what somebody waits for.
  const looks = new Map<string, number>();
  const polled = ["DescribeCertificateBindResourceTaskResult", "DescribeHostUpdateRecordDetail"];
  for (const { operation, params } of sandbox.requests.filter((each) => polled.includes(each.operation))) {
    const what = `${operation} ${JSON.stringify(params)}`;
    looks.set(what, (looks.get(what) ?? 0) + 1);
  }
  const pauses = [...looks.values()].reduce((sum, count) => sum + count - 1, 0);
  expect(Math.max(...looks.values())).toBeLessThanOrEqual(3);
  expect(pauses).toBeLessThanOrEqual(8);
});
