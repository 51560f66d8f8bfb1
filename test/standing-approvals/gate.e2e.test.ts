import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pointedAt, reads, saysYes } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { Company, type Files, referring } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";
import { commandOf } from "../unattended/support.js";
import { boundsOf, decide, give } from "./support.js";

let company: Company;
let files: Files;
beforeEach(async () => {
  company = await Company.open({ speed: 100_000 });
  files = await company.issue("site");
});
afterEach(() => company.close());

const bounds = () => boundsOf(company);

const job = () => ({ ...referring(files), targets: [{ domains: ["img.example.com"] }] });

/** Nobody is there to answer: a call that asks fails. */
const nobody = () => company.assistant(["--approve", "elicit"], { person: null });

const command = async (...args: string[]) => (await runCommand(args, { HOME: company.home })).out;

const auditPath = () => join(company.home, ".local", "state", "cloudcert-mcp", "audit.jsonl");
const directory = () => join(company.home, ".local", "state", "cloudcert-mcp", "audit-standing-approvals");

describe("a standing approval", () => {
  it("lets a deployment inside its bounds through without a question, and says which approved it", async () => {
    const one = await company.assistant(["--approve", "page"]);
    const id = await give(one, bounds());
    await one.close();
    const two = await nobody();
    const reply = await two.call("deploy_certificate", job());
    expect(JSON.stringify(reply.content)).toContain(`Approved in advance: standing approval ${id}.`);
    expect(company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
    expect(await two.result("list_standing_approvals")).toMatchObject({
      approvals: [{ standing_approval: id, state: "valid", used: 1, used_today: 1 }],
    });
    await two.close();
    const log = await command("audit", "show");
    expect(log).toContain(`Standing approval ${id} was given`);
    expect(log).toContain(`Standing approval ${id} was used`);
    expect(log).toContain(`approved (standing approval ${id}`);
  });

  it.each<[string, () => Record<string, unknown>, string]>(
    rows(
      [
        ["a domain", () => ({ domains: ["example.com", "play.example.com"] }), "it does not cover img.example.com"],
        ["a service", () => ({ services: ["huawei-live"] }), "alibaba-cdn is not one of its services"],
        ["the directory", () => ({ from_store: true }), "is not below any of its directories"],
        ["the gain", () => ({ least_gain_days: 3_000 }), "does not expire 3000 days later"],
        ["the issuer", () => ({ issuers: ["Another CA"] }), "the new certificate was issued by"],
        ["its last days", () => ({ replace_within_days: 1 }), "the present certificate lasts until"],
      ],
      1,
    ),
  )("asks as before for what is outside by %s, and says so", ofRows, async (_bound, other, says) => {
    const person = await company.assistant(["--approve", "page"]);
    const { directories, ...rest } = bounds();
    await give(person, { ...rest, ...("from_store" in other() ? {} : { directories }), ...other() });
    await person.close();
    let question = "";
    const asked = await company.assistant(["--approve", "elicit"], {
      person: (params) => {
        question = JSON.stringify(params);
        return { action: "decline" };
      },
    });
    await asked.failure("deploy_certificate", job());
    await asked.close();
    expect(question).toContain("does not cover this");
    expect(question).toContain(says);
    expect(company.done()).toEqual([]);
  });

  it("covers no certificate that a person rolled back there, until a person deploys it again", async () => {
    const one = await company.assistant(["--approve", "page"]);
    const id = await give(one, bounds());
    await one.close();
    const questions: string[] = [];
    const answering = (action: "accept" | "decline") => {
      const person = reads(({ message }) => {
        questions.push(message);
        return { action, ...(action === "accept" && { content: { approve: true } }) };
      });
      return company.assistant(["--approve", "elicit"], { person });
    };
    const two = await answering("accept");
    await two.result("deploy_certificate", job());
    expect(questions).toEqual([]);
    await two.result("roll_back", {});
    expect(questions).toHaveLength(1);
    await two.close();
    const three = await answering("decline");
    expect(await three.failure("deploy_certificate", job())).toContain("did not approve it");
    await three.close();
    expect(questions[1]).toMatch(
      /Job \w{8}, which was to serve this certificate on CDN domain img\.example\.com, was rolled/,
    );
    expect(questions[1]).toMatch(
      new RegExp(`${id} does not cover this: img\\.example\\.com: job \\w{8}, .* was rolled back by job \\w{8}`),
    );
    const unattended = ["run", "deploy_certificate", JSON.stringify(job()), "--unattended"];
    expect((await commandOf(company, unattended).ended()).out).toContain('"outcome":"needs a person"');
    expect(company.done()).toHaveLength(2);
    const four = await answering("accept");
    await four.result("deploy_certificate", job());
    await four.close();
    expect(questions).toHaveLength(3);
    expect(company.done()).toHaveLength(3);
  });

  it("covers nothing at endpoints other than those that it was given for, and shows those", async () => {
    const one = await company.assistant(["--approve", "page"]);
    const id = await give(one, bounds());
    await one.close();
    const cdn = new URL(company.sandbox.endpoints["alibaba-cdn"]);
    expect(await command("approvals", "show", id)).toContain(`alibaba-cdn at ${cdn.host}`);
    const { args, env } = pointedAt(company.sandbox, company.sandbox.edge.addresses.slice(0, 2));
    const unattended = async (settings: readonly string[]) => {
      const run = ["run", "deploy_certificate", JSON.stringify(job()), "--unattended", "--files", company.home];
      const own = { HOME: company.home, NODE_EXTRA_CA_CERTS: join(company.home, "root.pem") };
      return (await runCommand([...run, ...settings], { ...env, ...own })).out;
    };
    // The same cloud, under another name.
    const elsewhere = `alibaba-cdn=http://localhost:${cdn.port}`;
    const out = await unattended(args.map((each) => (each.startsWith("alibaba-cdn=") ? elsewhere : each)));
    expect(out).toContain(`its calls to alibaba-cdn go to localhost:${cdn.port}, which is not one of its endpoints`);
    expect(company.done()).toEqual([]);
    expect(await unattended(args)).toContain('"outcome":"done"');
  });

  it("is given on the page or in the terminal with a typed name, and in no other way", wide, async () => {
    const form = await company.assistant(["--approve", "elicit"], { person: saysYes });
    expect(await form.failure("propose_standing_approval", bounds())).toContain("Nothing was sent");
    await form.close();
    const token = await company.assistant(["--approve", "token", "--token-for-destructive"], { person: saysYes });
    expect(await token.failure("propose_standing_approval", bounds())).not.toContain("approval_token");
    await token.close();
    const page = await company.assistant(["--approve", "page"]);
    const [said] = await Promise.all([
      page.failure("propose_standing_approval", bounds()),
      decide(page, { decision: "approve", typed: "examp1e.com" }),
    ]);
    expect(said).toContain("typed something else");
    expect(await page.result("list_standing_approvals")).toMatchObject({ approvals: [] });
    await page.close();
  });

  it.each(["", "CST-8"])("has its days in UTC where TZ names no zone: %j", wide, async (TZ) => {
    const person = await company.assistant(["--approve", "page"], { env: { TZ } });
    const id = await give(person, bounds());
    await person.close();
    expect(await command("approvals", "show", id)).toContain("as days are in UTC");
  });

  it("ends at once when it is revoked, and by itself when its uses are spent", wide, async () => {
    const person = await company.assistant(["--approve", "page"]);
    const first = await give(person, bounds());
    const second = await give(person, { ...bounds(), services: ["huawei-live"], uses: 1 });
    await person.close();
    expect(await command("approvals", "revoke", first)).toContain("was revoked");
    const assistant = await nobody();
    expect(await assistant.failure("deploy_certificate", job())).toContain("a person must approve");
    const live = (domain: string) => ({ ...referring(files), targets: [{ domains: [domain] }] });
    await assistant.result("deploy_certificate", live("play.example.com"));
    expect(await command("approvals", "list")).toContain(`${second} has no uses left; used 1 of 1`);
    expect(company.done()).toEqual(["UpdateDomainHttpsCert play.example.com"]);
    await assistant.close();
  });

  it.each<[string, (id: string, before: string) => void, RegExp]>([
    [
      "its file is edited",
      (id) => edit(join(directory(), `${id}.json`), (text) => text.replace('"uses": 10', '"uses": 999')),
      /is void: its file was changed/,
    ],
    [
      "the log is cut off",
      () => edit(auditPath(), (text) => `${text.split("\n").slice(0, 3).join("\n")}\n`),
      /is void: the audit log (was cut off|does not say)/,
    ],
    [
      "a line of the log is taken out",
      () =>
        edit(auditPath(), (text) =>
          text
            .split("\n")
            .filter((_, index) => index !== 2)
            .join("\n"),
        ),
      /is void: the chain is broken at line 3 of /,
    ],
    [
      "its key is another one",
      () => writeFileSync(join(directory(), "mac.key"), "another key".padEnd(32)),
      /is void: its file was changed/,
    ],
  ])("is void if %s", wide, async (_what, change, says) => {
    const person = await company.assistant(["--approve", "page"]);
    const id = await give(person, bounds());
    await person.close();
    change(id, "");
    expect(await command("approvals", "list")).toMatch(says);
    const assistant = await nobody();
    expect(await assistant.failure("deploy_certificate", job())).toContain("a person must approve");
    expect(company.done()).toEqual([]);
    await assistant.close();
  });

  it("keeps its uses when an older file is put back", wide, async () => {
    const person = await company.assistant(["--approve", "page"]);
    const id = await give(person, { ...bounds(), uses: 1 });
    await person.close();
    const path = join(directory(), `${id}.json`);
    const old = readFileSync(path);
    const assistant = await nobody();
    await assistant.result("deploy_certificate", job());
    writeFileSync(path, old);
    expect(await command("approvals", "list")).toContain("has no uses left");
    expect(readdirSync(directory()).sort()).toEqual(["mac.key", `${id}.json`]);
    await assistant.close();
  });
});

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}
