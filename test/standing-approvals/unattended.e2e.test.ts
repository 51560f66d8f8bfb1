import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { exitCodes } from "../../src/unattended/outcome.js";
import { runCommand } from "../support/command.js";
import { Company, referring } from "../support/company.js";
import { wide } from "../support/width.js";
import { changesAt, commandOf } from "../unattended/support.js";
import { boundsOf, give } from "./support.js";

const line = z.object({
  outcome: z.string(),
  due: z.array(z.object({ domain: z.string().optional(), state: z.string() })),
  calls: z.array(z.object({ outcome: z.string(), plan: z.object({ warnings: z.array(z.string()) }).optional() })),
});

const evidence = z.object({
  summary: z.object({
    approvals: z.array(
      z.object({ operation: z.string(), channel: z.string(), changes: z.array(z.string()).optional() }),
    ),
  }),
});

let company: Company;
let id: string;
beforeEach(async () => {
  company = await Company.open({ speed: 100_000 });
  const person = await company.assistant(["--approve", "page"]);
  id = await give(person, { ...boundsOf(company), services: ["alibaba-cdn"] });
  await person.close();
});
afterEach(() => company.close());

const onlyFiles = ["--services", "alibaba-cdn,huawei-live"];
const shell = (...args: string[]) => runCommand(args, { HOME: company.home });

describe("nobody looks on", () => {
  it("renew deploys what a standing approval covers, and leaves the rest as a question that says why", async () => {
    await company.issue("img", ["example.com", "*.example.com"]);
    const ended = await commandOf(company, ["renew", ...onlyFiles, "--before", "365"]).ended();
    const { outcome, due, calls } = line.parse(JSON.parse(ended.out));
    expect({ outcome, code: ended.code }).toEqual({ outcome: "needs a person", code: exitCodes["needs a person"] });
    const states = new Map(due.map(({ domain, state }) => [domain, state]));
    expect(states.get("img.example.com")).toBe("renewed");
    expect(states.get("play.example.com")).toBe("needs a person");
    expect(company.done().filter((change) => !change.startsWith("SetCdnDomainSSLCertificate "))).toEqual([]);
    const said = calls.flatMap(({ plan }) => plan?.warnings ?? []).join("\n");
    expect(said).toMatch(
      new RegExp(`Standing approval ${id} does not cover this: .*huawei-live is not one of its services`),
    );
  });

  it(
    "run deploys inside the bounds, a dry run sends nothing, and the evidence has how it was approved",
    wide,
    async () => {
      const job = JSON.stringify({
        ...referring(await company.issue("img")),
        targets: [{ domains: ["img.example.com"] }],
      });
      const dry = await commandOf(company, ["run", "deploy_certificate", job, "--dry-run"]).ended();
      expect({ code: dry.code, changes: changesAt(company) }).toEqual({ code: 0, changes: [] });
      const ended = await commandOf(company, ["run", "deploy_certificate", job, "--unattended"]).ended();
      expect(ended.code).toBe(exitCodes.done);
      expect(company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
      const { result } = z.object({ result: z.object({ job: z.string() }) }).parse(JSON.parse(ended.out));
      const path = join(company.home, "evidence.json");
      expect((await shell("evidence", result.job, "--out", path)).err).toContain("written");
      const { summary } = evidence.parse(JSON.parse(readFileSync(path, "utf8")));
      const [given, deployed] = summary.approvals;
      expect(given).toMatchObject({ operation: "propose_standing_approval", channel: "page" });
      expect(given?.changes?.join("\n")).toContain("Domains at most (2 of 2): *.example.com");
      expect(deployed).toMatchObject({ operation: "deploy_certificate", channel: `standing approval ${id}` });
      const head = (await shell("audit", "head")).out.trim();
      expect((await shell("evidence", "verify", path, "--head", head)).code).toBe(0);
    },
  );
});
