import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { domainServing } from "../../src/sandbox/delivery.js";
import { materialOf } from "../../src/sandbox/tencent-ssl/application.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { type Assistant, bareEnvironment, cli, pointedAt, reads, textOf } from "../support/assistant.js";
import { Company } from "../support/company.js";
import { connectTo, startTeamServer, type TeamServer } from "../support/team-server.js";
import { wide } from "../support/width.js";

/** What one account has may be served from another one: a certificate is stored at one cloud and copied elsewhere. */

let certs: Company;
let delivery: Company;
let assistant: Assistant;
const questions: string[] = [];

const secrets: Readonly<Record<string, string>> = {
  tencent: "tencent: { secret_id: env:TENCENTCLOUD_SECRET_ID, secret_key: env:TENCENTCLOUD_SECRET_KEY }",
  alibaba:
    "alibaba: { access_key_id: env:ALIBABA_CLOUD_ACCESS_KEY_ID, access_key_secret: env:ALIBABA_CLOUD_ACCESS_KEY_SECRET }",
  huawei:
    "huawei: { access_key: env:HUAWEICLOUD_SDK_AK, secret_key: env:HUAWEICLOUD_SDK_SK, project_id: sandboxproject }",
};

/** Both accounts have Tencent Cloud and Alibaba Cloud. */
function accountsFile(): string {
  const file = join(delivery.home, "accounts.yaml");
  const named = {
    certs: accountOf(certs, ["tencent", "alibaba"]),
    delivery: accountOf(delivery, ["tencent", "alibaba", "huawei"]),
  };
  const lines = Object.entries(named).map(([name, account]) => `  ${name}: ${account}`);
  writeFileSync(file, ["accounts:", ...lines].join("\n"));
  return file;
}

function accountOf({ sandbox }: Company, clouds: readonly string[]): string {
  const own = Object.entries(sandbox.endpoints).filter(([id]) => clouds.some((cloud) => id.startsWith(cloud)));
  const endpoints = `endpoints: { ${own.map(([id, address]) => `${id}: "${address}"`).join(", ")} }`;
  return `{ ${[...clouds.map((cloud) => secrets[cloud]), endpoints].join(", ")} }`;
}

/** The edge is the second account's. */
function start(flags: readonly string[] = []): Promise<Assistant> {
  const person = reads(({ message }) => {
    questions.push(message);
    const confirm = /^To approve, type (.+)\.$/m.exec(message)?.[1];
    // Only the plan of a deployment is looked at.
    if (message.includes("Serve ")) return { action: "decline" };
    return { action: "accept", content: { approve: true, ...(confirm !== undefined && { confirm }) } };
  });
  return delivery.assistant(["--approve", "elicit", "--accounts", accountsFile(), ...flags], { person });
}

beforeAll(async () => {
  [certs, delivery] = await Promise.all([Company.open({ speed: 100_000 }), Company.open({ speed: 100_000 })]);
  // Ids of one cloud are in one account only, and each sandbox assigns the same ones.
  for (let skipped = 0; skipped < 20; skipped += 1) delivery.sandbox.account.ssl.ids.certificate();
  assistant = await start();
});
afterAll(() => Promise.all([assistant.close(), certs.close(), delivery.close()]));
beforeEach(() => {
  questions.length = 0;
});

function pair(names: readonly string[], days: number) {
  return delivery.sandbox.account.authority.issue({
    names,
    key: "EC-P256",
    notBefore: new Date(Date.now() - 30 * 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
  });
}

/** A certificate in the first account's store, on request as if it had been ordered there. */
async function stored(names: readonly string[], days: number, isOrdered: boolean) {
  const { account } = certs.sandbox;
  const issued = await pair(names, days);
  const { order } = [...account.ssl.certificates.values()].find((each) => each.order?.application) ?? {};
  const material = materialOf(issued.certificatePem, issued.privateKeyPem);
  const { id } = addCertificate(account, {
    status: 1,
    material,
    alias: names.join(),
    ...(isOrdered && order && { order }),
  });
  return { id, issued };
}

const call = async (tool: string, args: Record<string, unknown>) => textOf(await assistant.call(tool, args));

describe("before what cannot be undone, the other accounts are looked at, too", () => {
  it("a certificate is not revoked while another account's domain serves a copy of it", async () => {
    const { id, issued } = await stored(["*.wild.example.com"], 90, true);
    const copy = { ...issued, name: "wild-copy" };
    const domain = "img.wild.example.com";
    delivery.sandbox.account.cdn.set(domain, domainServing(copy, domain, new Date(0)));
    const refused = await call("RevokeCertificate", { account: "certs", CertificateId: id, Reason: "key lost" });
    expect(refused).toContain(`is still served by domain ${domain}`);
    expect(questions).toEqual([]);

    // The list of a cloud that only the other account has is kept out.
    delivery.sandbox.account.cdn.delete(domain);
    const blind = await start(["--deny", "ShowDomain"]);
    await blind.call("RevokeCertificate", { account: "certs", CertificateId: id, Reason: "key lost" });
    await blind.close();
    expect(questions[0]).toMatch(/Warning: Not seen: 2 places where it may still be served\./);
    expect(questions[0]).toContain("account delivery: Huawei Cloud Live: the domains could not be listed.");
  });

  describe("of a certificate that can replace one of another account, a person is warned", () => {
    const name = "only.example.org";
    /** Ends soon, in the second account. */
    const ending = () => pair([name], 10);
    const deletion = async () => {
      const { id } = await stored([name], 90, false);
      await call("delete_unused_certificates", { account: "certs", certificate_ids: [id] });
      // The first of several stands at the head, too.
      const inAccount = questions[0]?.match(/^Warning: In account .*$/gm) ?? [];
      const warnings = [...new Set(inAccount.map((line) => line.replace(" (and 1 more warning)", "").trim()))];
      return { id, warnings };
    };

    it("unless there is none", async () => {
      expect((await deletion()).warnings).toEqual([]);
    });

    it("which a domain there has", async () => {
      const domain = domainServing({ ...(await ending()), name: "old" }, name, new Date(0));
      delivery.sandbox.account.cdn.set(name, domain);
      const { id, warnings } = await deletion();
      delivery.sandbox.account.cdn.delete(name);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(
        `In account delivery: ${id} (${name}) can replace the certificate of ${name}, which`,
      );
    });

    it("which is stored at the same cloud there, where nothing tells what uses it", async () => {
      const { certificatePem, privateKeyPem } = await ending();
      const material = materialOf(certificatePem, privateKeyPem);
      const old = addCertificate(delivery.sandbox.account, { status: 1, material, alias: "ending" });
      const { id, warnings } = await deletion();
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`In account delivery: ${id} (${name}) can replace ${old.id} (${name}), which ends`);
      // The id of one account named in another one.
      const reply = await call("delete_unused_certificates", { account: "certs", certificate_ids: [old.id] });
      delivery.sandbox.account.ssl.certificates.delete(old.id);
      expect(reply).toContain(`these are in account delivery: ${old.id} (${name}).`);
      expect(reply).not.toContain("Not listed");
    });
  });

  it("where an account could not be read, a person is told which", async () => {
    const blind = await start(["--deny", "ShowDomain"]);
    const { id } = await stored(["unseen.example.com"], 90, false);
    await blind.call("delete_unused_certificates", { account: "certs", certificate_ids: [id] });
    await blind.close();
    expect(questions[0]).toContain("Not everything in account delivery could be read");
  });
});

it("so they are for a call from a shell", wide, async () => {
  const { id, issued } = await stored(["*.shell.example.com"], 90, true);
  const domain = "img.shell.example.com";
  delivery.sandbox.account.cdn.set(domain, domainServing({ ...issued, name: "copy" }, domain, new Date(0)));
  const { args, env } = pointedAt(delivery.sandbox, delivery.sandbox.edge.addresses.slice(0, 2));
  const said = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [
        ...[cli, "run", "RevokeCertificate", JSON.stringify({ CertificateId: id, Reason: "key lost" }), "--dry-run"],
        ...["--accounts", accountsFile(), "--account", "certs", ...args.slice(args.indexOf("--edge"))],
      ],
      { env: { ...bareEnvironment, ...env } },
      (_, out, err) => resolve(`${out}${err}`),
    );
  });
  delivery.sandbox.account.cdn.delete(domain);
  expect(said).toContain(`still served by domain ${domain}`);
});

describe("a deployment to what one account lists", () => {
  it("names the accounts that it did not look at", async () => {
    const { chain, key } = await delivery.issue("covering");
    await call("deploy_certificate", {
      account: "certs",
      certificate: `file:${chain}`,
      private_key: `file:${key}`,
      covered: true,
    });
    expect(questions[0]).toContain("Other accounts, not looked at: delivery.");
    expect(questions[0]).toMatch(/Not set up in this account, so not looked at: Huawei Cloud Live\./);
  });
});

describe("a secret in the vault of another account", () => {
  it("is refused with the account that keeps it and the way to use it here", async () => {
    const id = certs.certificate("storefront");
    const exported = await call("DescribeCertificateDetail", { account: "certs", CertificateId: id });
    const [reference = ""] = /vault:[\w-]+/.exec(exported) ?? [];
    const refused = await call("inspect_certificate", { account: "delivery", private_key: reference });
    expect(refused).toContain("it is kept for another account (certs)");
    expect(refused).toContain("save_to_file with account certs");
    const unsaved = await call("save_to_file", { account: "delivery", reference, directory: delivery.home, name: "k" });
    expect(unsaved).toContain("it is kept for another account (certs)");
    const unknown = await call("inspect_certificate", {
      account: "delivery",
      private_key: "vault:AAAAAAAAAAAAAAAAAAAAAA",
    });
    expect(unknown).toContain("nothing is in the vault under that id");
  });
});

describe("in a team's server", () => {
  let server: TeamServer;
  const tokens = { owner: "cloudcert_owner-token", newcomer: "cloudcert_newcomer-token" };
  beforeAll(async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(delivery.home, name), text);
      return join(delivery.home, name);
    };
    const rules = `
groups:
  owners: { provider: [owner] }
  newcomers: { provider: [newcomer] }
access:
  - { who: [owners], change: ["*"] }
  - { who: [newcomers], change: [certs] }
approvals:
  - { ask: [everyone], approve: [owners] }
`;
    const known = Object.entries(tokens).map(([name, token]) => ({
      ...{ name, groups: [name], scopes: ["certs:read", "certs:change"] },
      sha256: createHash("sha256").update(token).digest("hex"),
      expires: new Date(Date.now() + 86_400_000).toISOString(),
    }));
    const { args, env } = pointedAt(delivery.sandbox, delivery.sandbox.edge.addresses.slice(0, 2));
    const edge = args.slice(args.indexOf("--edge"));
    const settings = [
      "--rules",
      file("rules.yaml", rules),
      "--tokens",
      file("tokens.json", JSON.stringify({ tokens: known })),
    ];
    server = await startTeamServer([...edge, "--call-time", "5", "--accounts", accountsFile(), ...settings], { env });
  });
  afterAll(() => server.end());

  const says = async (person: keyof typeof tokens, args: Record<string, unknown>) => {
    const client = await connectTo(server.endpoint, tokens[person]);
    const reply = CallToolResultSchema.parse(await client.callTool({ name: "RevokeCertificate", arguments: args }));
    await client.close();
    return textOf(reply);
  };

  it("what somebody may not read is neither looked at for them nor named", async () => {
    const { id, issued } = await stored(["*.team.example.com"], 90, true);
    const domain = "img.team.example.com";
    delivery.sandbox.account.cdn.set(domain, domainServing({ ...issued, name: "copy" }, domain, new Date(0)));
    const args = { CertificateId: id, Reason: "key lost" };
    expect(await says("owner", { ...args, account: "certs" })).toContain(`still served by domain ${domain}`);
    expect(await says("newcomer", args)).not.toMatch(/delivery|img\.team/);
    delivery.sandbox.account.cdn.delete(domain);
  });
});

describe("check_served_certificate", () => {
  it("needs no account for what everybody sees, and one for a stored certificate", async () => {
    const seen = await assistant.result("check_served_certificate", { domains: ["img.example.com"] });
    expect(seen).not.toHaveProperty("account");
    const expected = { domains: ["img.example.com"], certificate_id: certs.certificate("storefront") };
    expect(await assistant.failure("check_served_certificate", expected)).toContain("needs account");
    expect(await assistant.result("check_served_certificate", { ...expected, account: "certs" })).toHaveProperty(
      "account",
      "certs",
    );
  });
});

describe("a server with one account", () => {
  it("says so where a call names another", async () => {
    const single = await certs.assistant();
    const said = await single.failure("find_certificates", { account: "100000000001" });
    expect(said).toContain("This server has one account");
    expect(said).toContain("--accounts");
    expect(await single.result("find_certificates", { account: "all" })).toHaveProperty("certificates");
    await single.close();
  });
});
