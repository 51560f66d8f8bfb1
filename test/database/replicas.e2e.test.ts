// @module-tag wide
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { verifyAudit } from "../../src/audit/verify.js";
import { approvesByToken } from "../support/assistant.js";
import { startLosingProxy } from "../support/cloud-proxy.js";
import { runCommand } from "../support/command.js";
import { Company, domains, everywhere, referring, report } from "../support/company.js";
import { postgresBin, postgresPassword, usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";
import { type Shared, sharedBy } from "./shared.js";

const listed = z.object({
  jobs: z.array(z.object({ job: z.string(), targets: z.array(z.object({ state: z.string() })) })),
});

describe.skipIf(postgresBin === undefined)("servers that share a database", () => {
  const postgres = usePostgres();
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function two(flagsFor = async (_: Company): Promise<readonly string[]> => []) {
    const company = await Company.open();
    const shared = await sharedBy(postgres());
    open.push(() => company.close(), shared.close);
    const more = await flagsFor(company);
    const start = async () => {
      const flags = [...approvesByToken, ...shared.flags, ...more];
      const assistant = await company.assistant(flags, { hostApproves: true, env: shared.env });
      open.push(() => assistant.close());
      return assistant;
    };
    const [one, other] = await Promise.all([start(), start()]);
    const files = await company.issue("next");
    return { company, shared, one, other, files, args: { ...referring(files), targets: everywhere(company) } };
  }

  async function command({ env }: Shared, args: readonly string[]) {
    return (await runCommand(args, { ...env, HOME: mkdtempSync(join(tmpdir(), "cc-shell-")) })).out;
  }

  it("know of each other's jobs, and the commands read what all of them recorded", wide, async () => {
    const { company, shared, one, other, args } = await two();
    const { job, targets } = report.parse(await one.result("deploy_certificate", args));
    expect(targets).toHaveLength(8);
    const { jobs } = await other.result("list_jobs");
    expect(jobs).toMatchObject([{ job }]);
    // The other one sees that there is nothing left to do, and asks nobody.
    const before = company.done().length;
    await other.result("deploy_certificate", args);
    expect(company.done()).toHaveLength(before);
    const database = ["--database", "env:SHARED_DATABASE"];
    expect(await command(shared, ["audit", "verify", ...database])).toMatch(/^The chain is whole: \d+ lines\.\n$/);
    expect(await command(shared, ["audit", "show", ...database])).toContain(`Job        ${job}`);
    expect(await command(shared, ["audit", "head", ...database])).toMatch(/^\d+:[0-9a-f]{64}\n$/);
    expect(await command(shared, ["approvals", "list", ...shared.flags])).toBe("There are no standing approvals.\n");
    expect(await command(shared, ["evidence", String(job), ...shared.flags])).toContain(String(job));
    for (const { received, stderr } of [one, other])
      expect(JSON.stringify(received) + stderr()).not.toContain(postgresPassword);
  });

  it("do a job that both are asked for once", wide, async () => {
    const { company, shared, one, other, files, args } = await two();
    const replies = await Promise.all([one, other].map((each) => each.call("deploy_certificate", args)));
    expect(replies.some(({ isError }) => !isError)).toBe(true);
    await other.result("deploy_certificate", args);
    for (const domain of domains) expect(new Set(await company.served(domain))).toEqual(new Set([files.sha256]));
    const changes = company.done().filter((line) => !line.startsWith("Up"));
    expect(new Set(changes).size).toBe(changes.length);
    expect(await shared.countJobs()).toBe(1);
  });

  it("say of a request that no read can prove that its outcome is unknown, and send it once", async () => {
    let [sent, isBlind] = [0, false];
    let kill = () => {};
    const { shared, one, other, files } = await two(async (company) => {
      const lose = async (service: "tencent-edgeone" | "tencent-ssl", isLost: (operation: unknown) => boolean) => {
        const proxy = await startLosingProxy(company.sandbox.endpoints[service], isLost);
        open.push(proxy.close);
        return `--endpoint=${service}=${proxy.url}`;
      };
      return [
        await lose("tencent-edgeone", (operation) => {
          if (operation === "ModifyHostsCertificate") {
            sent += 1;
            isBlind = true;
            kill();
          }
          return isBlind;
        }),
        await lose("tencent-ssl", (operation) => isBlind && operation === "DescribeHostTeoInstanceList"),
      ];
    });
    kill = () => process.kill(one.pid, "SIGKILL");
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
    const args = { ...referring(files), targets };
    await one.call("deploy_certificate", args).catch(() => undefined);
    expect(sent).toBe(1);
    const [left] = listed.parse(await other.result("list_jobs")).jobs;
    expect(left?.targets).toMatchObject([{ state: "outcome unknown" }]);
    expect(await other.failure("deploy_certificate", args)).toContain("Nothing was changed");
    isBlind = false;
    const seeing = report.parse(await other.result("deploy_certificate", args));
    expect(seeing).toMatchObject({ job: left?.job, targets: [{ state: "served" }] });
    expect(sent).toBe(1);
    expect((await verifyAudit(shared.audit)).ok).toBe(true);
  });
});
