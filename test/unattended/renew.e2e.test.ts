import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { materialOf } from "../../src/sandbox/tencent-ssl/application.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { exitCodes } from "../../src/unattended/outcome.js";
import { Authority } from "../preflight/authority.js";
import { pointedAt } from "../support/assistant.js";
import { startAlteringProxy } from "../support/cloud-proxy.js";
import { type Command, type Ended, runCommand } from "../support/command.js";
import { Company, type Files, until } from "../support/company.js";
import { closedPort } from "../support/ports.js";
import { ofRows, rows, wide } from "../support/width.js";
import { changesAt, commandOf, decideOnPage } from "./support.js";

const row = z.object({ domain: z.string().optional(), state: z.string(), successor: z.string().optional() });
const line = z.object({
  outcome: z.string(),
  exit_code: z.number(),
  due: z.array(row).default([]),
  calls: z
    .array(z.object({ tool: z.string(), outcome: z.string(), plan: z.object({ question: z.string() }).optional() }))
    .default([]),
  unseen: z.array(z.string()).default([]),
  another_run: z.boolean().optional(),
});

let company: Company;
beforeEach(async () => {
  company = await Company.open({ speed: 100_000 });
});
afterEach(() => company.close());

const renew = (...flags: readonly string[]) => commandOf(company, ["renew", ...flags]);
const told = ({ out }: Ended) => line.parse(JSON.parse(out));

/** Everything but Alibaba Cloud CDN and Huawei Cloud Live is left out, and what is stored: the files are all there is. */
const onlyFiles = ["--services", "alibaba-cdn,huawei-live"];

/** As certbot keeps them: links in live/ to what is in archive/. */
async function likeCertbot(name: string, names: readonly string[]): Promise<Files> {
  const files = await company.issue(name, names);
  const [live, archive] = ["live", "archive"].map((part) => join(company.home, "letsencrypt", part, name));
  for (const folder of [live, archive]) mkdirSync(folder ?? "", { recursive: true });
  const put = (from: string, as: string) => {
    renameSync(from, join(archive ?? "", `${as}1.pem`));
    symlinkSync(join("..", "..", "archive", name, `${as}1.pem`), join(live ?? "", `${as}.pem`));
  };
  put(files.chain, "fullchain");
  put(files.key, "privkey");
  return { ...files, chain: join(live ?? "", "fullchain.pem"), key: join(live ?? "", "privkey.pem") };
}

/** As lego keeps them: NAME.crt, NAME.key and what it knows beside them, all in one folder. */
async function likeLego(name: string, names: readonly string[]): Promise<Files> {
  const files = await company.issue("_", names);
  const folder = join(company.home, "lego", "certificates");
  mkdirSync(folder, { recursive: true });
  const [chain, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  renameSync(files.chain, chain);
  renameSync(files.key, key);
  writeFileSync(join(folder, `${name}.json`), "{}");
  return { ...files, chain, key };
}

const approving = async (command: Command, questions = 1) => {
  for (let which = 0; which < questions; which += 1) await decideOnPage(command, "approve", which);
  return command.ended();
};

describe("cloudcert-mcp renew", () => {
  it("deploys what tools renewed as files, each where it belongs, once a person has approved", async () => {
    const img = await likeCertbot("img.example.com", ["img.example.com"]);
    const play = await likeLego("play.example.com", ["play.example.com"]);
    const ended = await approving(renew(...onlyFiles, "--ask", "--approve", "page"), 2);
    const { outcome, due } = told(ended);
    expect({ outcome, code: ended.code }).toEqual({ outcome: "done", code: 0 });
    expect(due.map(({ domain, state, successor }) => [domain, state, successor]).sort()).toEqual([
      ["img.example.com", "renewed", img.chain],
      ["play.example.com", "renewed", play.chain],
    ]);
    expect(new Set(await company.served("img.example.com"))).toEqual(new Set([img.sha256]));
    expect(new Set(await company.served("play.example.com"))).toEqual(new Set([play.sha256]));
    expect(company.done()).toHaveLength(2);

    const before = changesAt(company).length;
    const again = await renew(...onlyFiles).ended();
    expect(told(again)).toMatchObject({ outcome: "done", due: [], calls: [] });
    expect(changesAt(company)).toHaveLength(before);
  });

  it("fails with its line of JSON where the database is away", async () => {
    const env = {
      HOME: company.home,
      DB: `postgres://u:p@127.0.0.1:${closedPort}/x`,
      KEY: Buffer.alloc(32, 1).toString("base64"),
    };
    const flags = ["--sandbox", "--database", "env:DB", "--state-key", "env:KEY"];
    const ended = await runCommand(["renew", ...flags], env);
    expect(ended.code).toBe(exitCodes.failed);
    expect(told(ended)).toMatchObject({ outcome: "failed", exit_code: 1, due: [] });
    expect(told(ended).unseen[0]).toContain("The database cannot be reached");
    expect(ended.err).not.toContain("    at ");
  });

  it(
    "asks nobody unless it is told to: it sends nothing, says the plan, and goes on with the others",
    wide,
    async () => {
      await likeCertbot("img.example.com", ["img.example.com"]);
      await likeLego("play.example.com", ["play.example.com"]);
      const ended = await renew(...onlyFiles).ended();
      expect(ended.code).toBe(exitCodes["needs a person"]);
      const { outcome, due, calls } = told(ended);
      expect(outcome).toBe("needs a person");
      expect(due.map(({ state }) => state)).toEqual(["needs a person", "needs a person"]);
      expect(calls.map(({ plan }) => plan?.question.startsWith("Serve the certificate for"))).toEqual([true, true]);
      expect(ended.err).not.toContain("waits for approval");
      expect(changesAt(company)).toEqual([]);
    },
  );

  it(
    "takes a newer certificate of the store, and prints the plan of a dry run without sending anything",
    wide,
    async () => {
      const next = company.certificate("storefront, next");
      // What visitors would refuse ends later, and comes after it.
      const untrusted = new Authority(new Date());
      const root = await untrusted.issue({ name: "Private CA", ca: true, to: untrusted.inDays(900) });
      const names = ["example.com", "*.example.com"];
      const own = await untrusted.issue({ name: "example.com", names, by: root, to: untrusted.inDays(390) });
      const material = materialOf(own.pem + root.pem, own.key);
      addCertificate(company.sandbox.account, { status: 1, material, alias: "private" });
      const ended = await renew("--dry-run").ended();
      expect(ended.code).toBe(0);
      const { due } = told(ended);
      expect(due.length).toBeGreaterThan(4);
      expect(new Set(due.map(({ state }) => state))).toEqual(new Set(["planned"]));
      expect(new Set(due.map(({ successor }) => successor))).toEqual(new Set([next]));
      expect(ended.err).toContain("would be renewed");
      expect(changesAt(company)).toEqual([]);
    },
  );

  it(
    "says what has no successor, and applies for a free certificate once, over as many runs as it takes",
    wide,
    async () => {
      await company.close();
      // Slow enough for an application to be pending while the second run looks.
      company = await Company.open({ speed: 1 });
      const only = ["--services", "tencent-ssl,alibaba-vod"];
      company.sandbox.account.ssl.certificates.delete(company.certificate("storefront, next"));
      const none = await renew(...only).ended();
      const missing = told(none).due.filter(({ state }) => state === "no successor");
      expect(none.code).toBe(exitCodes["needs a person"]);
      expect(missing.map(({ domain }) => domain)).toContain("vod.example.com");

      const applied = async () =>
        company.sandbox.requests.filter(({ operation }) => operation === "ApplyCertificate").length;
      const first = renew(...only, "--apply", "--ask", "--approve", "page");
      await approving(first);
      expect(await applied()).toBe(1);
      const second = await renew(...only, "--apply").ended();
      expect(told(second).due.find(({ domain }) => domain === "vod.example.com")?.state).toBe("applied for");
      expect(await applied()).toBe(1);
    },
  );

  it("does not let what one cloud refuses hide the others, and is no success", wide, async () => {
    const img = await likeCertbot("img.example.com", ["img.example.com"]);
    const command = renew(...onlyFiles, "--deny", "ShowCertificateInfo", "--ask", "--approve", "page");
    const ended = await approving(command);
    const { outcome, unseen, due } = told(ended);
    expect({ outcome, code: ended.code }).toEqual({ outcome: "failed", code: 1 });
    expect(unseen.join()).toContain("Live");
    expect(due).toEqual([expect.objectContaining({ domain: "img.example.com", state: "renewed" })]);
    expect(new Set(await company.served("img.example.com"))).toEqual(new Set([img.sha256]));
  });

  it("tells of a host of which the list does not say whether it has HTTPS, and fails no run for it", wide, async () => {
    const proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-edgeone"], (operation, text) => {
      if (operation !== "DescribeAccelerationDomains") return text;
      const { Response } = JSON.parse(text);
      const [{ Certificate: _, ...host }] = Response.AccelerationDomains;
      const AccelerationDomains = [{ ...host, DomainName: "files.example.com" }];
      return JSON.stringify({ Response: { ...Response, AccelerationDomains, TotalCount: 1 } });
    });
    const { args, env } = pointedAt(company.sandbox);
    const flags = [...args, "--services", "tencent-edgeone", "--endpoint", `tencent-edgeone=${proxy.url}`];
    const ended = await runCommand(["renew", ...flags], { ...env, HOME: company.home });
    await proxy.close();
    const { outcome, unseen } = told(ended);
    expect({ outcome, code: ended.code }).toEqual({ outcome: "done", code: 0 });
    expect(unseen).toEqual([expect.stringContaining("does not say whether HTTPS is on for files.example.com")]);
  });

  it("does nothing twice if another run is at work", wide, async () => {
    await likeCertbot("img.example.com", ["img.example.com"]);
    const first = renew(...onlyFiles, "--ask", "--approve", "page");
    await until(async () => first.err().includes("waits for approval"));
    const second = await renew(...onlyFiles).ended();
    expect(told(second)).toMatchObject({ outcome: "done", exit_code: 0, another_run: true });
    expect((await approving(first)).code).toBe(exitCodes["needs a person"]);
    expect(company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
  });

  it("goes on with what a killed run left, and sends nothing twice", wide, async () => {
    await company.close();
    company = await Company.open({ speed: 20 });
    const files = await likeCertbot("both", ["img.example.com", "play.example.com"]);
    const first = renew(...onlyFiles, "--ask", "--approve", "page");
    await decideOnPage(first, "approve");
    await until(async () => company.done().length > 0);
    first.child.kill("SIGKILL");
    await first.ended();
    const second = renew(...onlyFiles, "--ask", "--approve", "page");
    // Nobody is asked if the first run had sent everything. Its last request may reach the cloud after its end.
    await decideOnPage(second, "approve").catch(() => {});
    expect((await second.ended()).code).toBe(0);
    expect(company.done().toSorted()).toEqual([
      "SetCdnDomainSSLCertificate img.example.com",
      "UpdateDomainHttpsCert play.example.com",
    ]);
    for (const domain of ["img.example.com", "play.example.com"]) {
      // The run looks at two of the three addresses; the last gets it a second after them.
      await until(async () => (await company.served(domain)).every((served) => served === files.sha256));
    }
  });

  it("watches until it is told to end", wide, async () => {
    const command = renew(...onlyFiles, "--watch", "--every", "1", "--before", "0");
    await until(async () => (command.err().match(/renewal ended: done/g) ?? []).length >= 2);
    command.child.kill("SIGTERM");
    expect((await command.ended()).code).toBe(0);
  });

  it.each(
    rows(
      [
        ["days", ["--before", "soon"], "is not a number of days"],
        ["an argument", ["everything"], 'Unexpected argument "everything"'],
        ["no interval", ["--watch", "--every", "0"], '--every: "0" is not a number above 0'],
        ["an interval that no timer waits", ["--watch", "--every", "2592000"], '--every: "2592000" is more than'],
        ["an interval without a watch", ["--every", "5"], "--every requires --watch"],
      ],
      1,
    ),
  )("says in one line what is wrong: %s", ofRows, async (_, flags, says) => {
    const ended = await renew(...flags).ended();
    expect(ended.code).toBe(2);
    expect(ended.err.trim().split("\n")).toEqual([expect.stringContaining(says)]);
  });
});
