import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOnlyRules } from "../../src/access/rules.js";
import { shownDigest, TeamDecisions } from "../../src/approval/team/decisions.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { permanentCredentials } from "../../src/sandbox/credentials.js";
import { exitCodes } from "../../src/unattended/outcome.js";
import { sharedBy } from "../database/shared.js";
import { boundsOf, give } from "../standing-approvals/support.js";
import { accepting, pointedAt, reads, saysYes, textOf } from "../support/assistant.js";
import { startWatchingProxy } from "../support/cloud-proxy.js";
import { runCommand, startCommand } from "../support/command.js";
import { Company, referring, until } from "../support/company.js";
import { usePostgres } from "../support/postgres.js";
import { addToken, connectTo, startTeamServer } from "../support/team-server.js";
import { ofRows, rows, wide } from "../support/width.js";
import { decideOnPage, lineOf } from "../unattended/support.js";
import { submit } from "./page/support.js";

/**
 * The keys of an account are read anew for each call, so that whoever writes their files decides at any moment whose
 * account signs. An approval is for the account that the plan showed.
 */

const clouds = ["tencent", "alibaba", "huawei"] as const;
type Cloud = (typeof clouds)[number];

const theirs: Readonly<Record<Cloud, string>> = {
  tencent: "AKIDofAnotherAccount00000001",
  alibaba: "LTAIofAnotherAccount0001",
  huawei: "ANOTHERACCOUNT000001",
};

let company: Company;
let closing: (() => Promise<void>)[] = [];
/** What reached the clouds, each with the id of the key that signed it. */
let signed: { readonly what: string; readonly by: string }[] = [];
/** Called with what a cloud has answered, before the server gets the answer. */
let onAnswered = (_what: string) => {};

const inHome = (name: string) => join(company.home, name);

function setKey(cloud: Cloud, id: string): void {
  writeFileSync(inHome(`${cloud}.id`), id);
  writeFileSync(inHome(`${cloud}.key`), permanentCredentials[cloud].secret);
}
const rotate = (...of: readonly Cloud[]) => {
  for (const cloud of of) setKey(cloud, theirs[cloud]);
};

async function watched(): Promise<string[]> {
  const flags: string[] = [];
  for (const service of ["tencent-ssl", "alibaba-cdn", "huawei-live"] as const) {
    const proxy = await startWatchingProxy(company.sandbox.endpoints[service], ({ method, headers }) => {
      const what = String(headers["x-tc-action"] ?? headers["x-acs-action"] ?? method);
      signed.push({ what, by: /(?:Credential|Access)=([\w.]+)/.exec(headers.authorization ?? "")?.[1] ?? "" });
      onAnswered(what);
    });
    closing.push(() => proxy.close());
    flags.push("--endpoint", `${service}=${proxy.url}`);
  }
  return flags;
}

/** What only a person's approval lets through. */
const changes = ["ModifyCertificateAlias", "UploadCertificate", "DownloadCertificate", "SetCdnDomainSSLCertificate"];
const changesSigned = () => signed.filter(({ what }) => changes.includes(what) || what === "PUT");

let flags: string[] = [];
beforeEach(async () => {
  company = await Company.open();
  [signed, closing, onAnswered] = [[], [() => company.close()], () => {}];
  for (const cloud of clouds) setKey(cloud, permanentCredentials[cloud].id);
  const of = (cloud: Cloud, [id, key]: readonly [string, string]) =>
    `${id}: "file:${inHome(`${cloud}.id`)}", ${key}: "file:${inHome(`${cloud}.key`)}"`;
  writeFileSync(
    inHome("accounts.yaml"),
    `accounts:
  prod:
    tencent: { ${of("tencent", ["secret_id", "secret_key"])} }
    alibaba: { ${of("alibaba", ["access_key_id", "access_key_secret"])} }
    huawei: { ${of("huawei", ["access_key", "secret_key"])}, project_id: sandboxproject }
`,
  );
  flags = [...(await watched()), "--accounts", inHome("accounts.yaml"), "--audit-log", inHome("audit.jsonl")];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

/** A person at the client's form, who says yes after the keys were rotated. */
const approvesLate = (...of: readonly Cloud[]) =>
  reads((question) => {
    rotate(...of);
    return accepting(question);
  });

async function assistant(person = saysYes, ...more: readonly string[]) {
  const started = await company.assistant([...flags, ...more], { person });
  closing.push(() => started.close());
  return started;
}

const audited = () =>
  readFileSync(inHome("audit.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const twoTargets = async () => ({
  ...referring(await company.issue("site")),
  targets: [{ domains: ["img.example.com"] }, { domains: ["play.example.com"] }],
});

const voided = /credential for (\w+) Cloud was changed after the plan was made.* Nothing was sent/;

describe("a key that becomes another account's while a person reads the plan", () => {
  const operations: readonly (readonly [string, () => Promise<Record<string, unknown>>])[] = [
    ["ModifyCertificateAlias", async () => ({ CertificateId: company.certificate("storefront"), Alias: "shop" })],
    ["DownloadCertificate", async () => ({ CertificateId: company.certificate("storefront") })],
    [
      "UploadCertificate",
      async () => {
        const { chain, key } = await company.issue("site");
        return { CertificatePublicKey: `file:${chain}`, CertificatePrivateKey: `file:${key}`, Alias: "site" };
      },
    ],
  ];

  it.each(rows(operations, 1))("voids the approval of %s: nothing is sent", ofRows, async (name, args) => {
    const said = await (await assistant(approvesLate("tencent"))).failure(name, await args());
    expect(said).toMatch(voided);
    expect(said).toMatch(/call again/i);
    expect(changesSigned()).toEqual([]);
    expect(audited().map(({ event }) => event)).toEqual(["plan", "decision", "outcome"]);
    expect(audited().at(-1)).toMatchObject({ sent: "no", ok: false, code: "SignerChanged" });
  });

  it("voids the approval of a job: none of its steps is sent", wide, async () => {
    const questions: string[] = [];
    const job = await twoTargets();
    const late = approvesLate("huawei");
    const one = await assistant((question) => {
      questions.push(question.message);
      return late?.(question) ?? { action: "cancel" };
    });
    expect(await one.failure("deploy_certificate", job)).toMatch(voided);
    expect(changesSigned()).toEqual([]);
    expect(questions[0]).toContain("SAND…NENT");
  });

  it("voids what run was approved for on the page", async () => {
    const { args, env } = pointedAt(company.sandbox);
    const job = JSON.stringify(await twoTargets());
    const command = startCommand(
      ["run", "deploy_certificate", job, ...args, ...flags, "--files", company.home, "--approve", "page"],
      { ...env, HOME: company.home, NODE_EXTRA_CA_CERTS: inHome("root.pem") },
    );
    await until(async () => command.err().includes("waits for approval: "));
    rotate("alibaba");
    await decideOnPage(command, "approve");
    const ended = await command.ended();
    expect(ended.code).toBe(exitCodes["needs a person"]);
    expect(lineOf(ended).error?.happened).toMatch(voided);
    expect(changesSigned()).toEqual([]);
  });
});

it("a standing approval is never given for a key that nobody was shown", async () => {
  const person = await assistant(saysYes, "--approve", "page");
  const proposed = person.failure("propose_standing_approval", boundsOf(company));
  await until(async () => person.stderr().includes("waits for approval: "));
  rotate("alibaba");
  const [link = ""] = /http:\S+/.exec(person.stderr().split("waits for approval: ").at(-1) ?? "") ?? [];
  await submit(link, { decision: "approve", typed: "example.com" });
  expect(await proposed).toMatch(voided);
  expect(await person.result("list_standing_approvals")).toMatchObject({ approvals: [] });
});

describe("a key that becomes another account's between the steps of a job", () => {
  beforeEach(() => {
    onAnswered = (what) => {
      if (what === "SetCdnDomainSSLCertificate") rotate("huawei");
    };
  });
  const onlyTheFirst = [{ what: "SetCdnDomainSSLCertificate", by: permanentCredentials.alibaba.id }];

  it("signs none of them; the audit log has who signed the others", async () => {
    const said = JSON.stringify(await (await assistant()).call("deploy_certificate", await twoTargets()));
    expect(said).toMatch(voided);
    expect(changesSigned()).toEqual(onlyTheFirst);
    const sending = audited().filter(({ event }) => event === "sending");
    expect(sending[0]).toMatchObject({ signer: "LTAI…nent" });
    expect(audited().filter(({ event }) => event === "outcome")).toMatchObject([
      { sent: "yes", ok: true },
      { sent: "no", ok: false },
    ]);
  });

  it("signs none of them when the job goes on after failures: targets in other clouds are not attempted", async () => {
    const { targets, ...rest } = await twoTargets();
    const [first, second] = targets;
    const job = { ...rest, targets: [first, second, { domains: ["app.example.com"] }], on_failure: "continue" };
    const said = JSON.stringify(await (await assistant()).call("deploy_certificate", job));
    expect(said).toMatch(voided);
    expect(said).toContain("not attempted");
    expect(audited().filter(({ event }) => event === "sending")).toHaveLength(2);
  });

  it.each(rows(["renew", "run"], 1))(
    "signs none of them when %s goes on under a standing approval",
    ofRows,
    async (command) => {
      const person = await assistant(saysYes, "--approve", "page");
      await give(person, boundsOf(company));
      await person.close();
      const { args, env } = pointedAt(company.sandbox);
      const job = await twoTargets();
      const what =
        command === "run"
          ? ["run", "deploy_certificate", JSON.stringify(job), "--unattended"]
          : ["renew", "--services", "alibaba-cdn,huawei-live", "--before", "365"];
      const ended = await runCommand([...what, ...args, ...flags, "--files", company.home], {
        ...env,
        HOME: company.home,
        NODE_EXTRA_CA_CERTS: inHome("root.pem"),
      });
      expect(ended.code).not.toBe(exitCodes.done);
      expect(ended.out).toMatch(voided);
      expect(changesSigned()).toEqual(onlyTheFirst);
    },
  );
});

describe("a key that becomes another account's while a team's question is open", () => {
  const postgres = usePostgres();
  const lead: Person = { id: "token:lead", name: "lead", groups: [], scopes: new Set(["certs:read", "certs:approve"]) };

  it("voids what the team approves later", async () => {
    const shared = await sharedBy(postgres());
    const [rules, tokenFile] = [inHome("rules.yaml"), inHome("tokens.json")];
    writeFileSync(
      rules,
      `
people: { asker: "token:asker", lead: "token:lead" }
access:
  - { who: [asker], read: ["*"], change: ["*"] }
approvals:
  - { ask: [asker], approve: [lead] }
`,
    );
    const token = await addToken(tokenFile, "asker", "--scopes", "certs:read,certs:change");
    const { args, env } = pointedAt(company.sandbox);
    const team = [...shared.flags, "--rules", rules, "--tokens", tokenFile, "--call-time", "120"];
    const withoutLog = flags.filter((flag) => flag !== "--audit-log" && flag !== inHome("audit.jsonl"));
    const server = await startTeamServer([...args, ...withoutLog, ...team], { env: { ...env, ...shared.env } });
    const client = await connectTo(server.endpoint, token);
    const desk = new TeamDecisions(new PostgresQuestions(shared.state.database, shared.signer), readOnlyRules);
    const change = { CertificateId: company.certificate("storefront"), Alias: "shop" };
    const reply = client.callTool({ name: "ModifyCertificateAlias", arguments: change });
    const open = async () => (await desk.questionsOf(lead)).filter(({ state }) => state === "open");
    await until(async () => (await open()).length === 1);
    const [question] = await open();
    rotate("tencent");
    const answer = { approve: true, shown: question ? shownDigest(question, "en") : "", loggedInAgain: true };
    expect((await desk.answer(question?.id ?? "", lead, answer)).counted).toBe(true);
    expect(textOf(CallToolResultSchema.parse(await reply))).toMatch(voided);
    expect(changesSigned()).toEqual([]);
    await client.close();
    await server.end();
    await shared.close();
  });
});
