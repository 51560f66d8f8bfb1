import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { post, startTeamServer, type TeamServer } from "../support/team-server.js";
import { ofRows, rows } from "../support/width.js";

/**
 * Who sees and may call what, through the front door: people × scopes × accounts × tools, against tables that were
 * written by hand. Nothing here uses the rules' own code, nor the program's own list of tools.
 */

const accounts = ["osprey", "heron", "kestrel", "wagtail"] as const;
type AccountName = (typeof accounts)[number];

const cloudsOf: Readonly<Record<AccountName, string>> = { osprey: "TAH", heron: "T", kestrel: "AH", wagtail: "TA" };

const keys = {
  T: "tencent: { secret_id: env:NONE, secret_key: env:NONE }",
  A: "alibaba: { access_key_id: env:NONE, access_key_secret: env:NONE }",
  H: "huawei: { access_key: env:NONE, secret_key: env:NONE, project_id: sandboxproject }",
};
const accountsFile = `accounts:
  osprey: { ${keys.T}, ${keys.A}, ${keys.H} }
  heron: { ${keys.T} }
  kestrel: { ${keys.A}, ${keys.H} }
  wagtail: { ${keys.T}, ${keys.A} }
`;

const rules = `
groups:
  owners: { provider: [owner] }
  birds: { provider: [osprey-only] }
  readers: { provider: [heron-reader] }
  both: { provider: [mixed] }
  patterns: { provider: [pattern] }
access:
  - { who: [owners], change: ["*"] }
  - { who: [birds], change: [osprey] }
  - { who: [readers], read: [heron] }
  - { who: [both], read: [osprey], change: [wagtail] }
  - { who: [patterns], read: ["k*", "*ail"] }
approvals:
  - { ask: [everyone], approve: [owners] }
`;

/** What the rules give each person, without scopes: r reads, c reads and changes; in the order of the accounts. */
const given = {
  owner: "cccc",
  "osprey-only": "c---",
  "heron-reader": "-r--",
  mixed: "r--c",
  pattern: "--rr",
  stranger: "----",
} as const;
type PersonName = keyof typeof given;

/** What each set of scopes leaves of it. Without certs:read nobody gets in. */
const scopeSets = {
  read: { scopes: ["certs:read"], r: "r", c: "r" },
  "read change": { scopes: ["certs:read", "certs:change"], r: "r", c: "c" },
  "read approve": { scopes: ["certs:read", "certs:approve"], r: "r", c: "r" },
  all: { scopes: ["certs:read", "certs:change", "certs:approve"], r: "r", c: "c" },
  change: { scopes: ["certs:change"], r: "-", c: "-" },
  approve: { scopes: ["certs:approve"], r: "-", c: "-" },
} as const;
type ScopeSet = keyof typeof scopeSets;

/** Each tool: r reads, c changes; and the clouds that it is of, any of which will do. */
const tools: Readonly<Record<string, string>> = {
  ApplyCertificate: "c T",
  BatchDeleteCSR: "c T",
  CancelAuditCertificate: "c T",
  CancelCertificateOrder: "c T",
  CommitCertificateInformation: "c T",
  CreateCertificate: "c T",
  CreateCertificateBindResourceSyncTask: "r T",
  CreateCSR: "c T",
  DeleteCertificate: "c T",
  DescribeCertificate: "r T",
  DescribeCertificateBindResourceTaskDetail: "r T",
  DescribeCertificateBindResourceTaskResult: "r T",
  DescribeCertificateDetail: "c T",
  DescribeCertificateOperateLogs: "r T",
  DescribeCertificates: "r T",
  DescribeCSR: "c T",
  DescribeCSRSet: "r T",
  DescribeHostTeoInstanceList: "r T",
  DescribeHostUpdateRecord: "r T",
  DescribeHostUpdateRecordDetail: "r T",
  DownloadCertificate: "c T",
  ModifyCertificateAlias: "c T",
  ModifyCertificateProject: "c T",
  ModifyCertificateResubmit: "c T",
  ModifyCSR: "c T",
  ModifyHostsCertificate: "c T",
  ReplaceCertificate: "c T",
  RevokeCertificate: "c T",
  SetCdnDomainSSLCertificate: "c A",
  SetVodDomainSSLCertificate: "c A",
  SubmitCertificateInformation: "c T",
  UpdateCertificateInstance: "c T",
  UpdateCertificateRecordRetry: "c T",
  UpdateCertificateRecordRollback: "c T",
  UpdateDomainHttpsCert: "c H",
  UploadCertificate: "c T",
  UploadConfirmLetter: "c T",
  check_served_certificate: "r TAH",
  delete_unused_certificates: "c TAH",
  deploy_certificate: "c TAH",
  find_certificates: "r TAH",
  inspect_certificate: "r TAH",
  list_jobs: "r TAH",
  list_standing_approvals: "r TAH",
  list_vault: "r TAH",
  plan_renewals: "r TAH",
  propose_standing_approval: "c TAH",
  roll_back: "c TAH",
  turn_off_https: "c TAH",
  wait_for: "r TAH",
};
/** In the quick form: some of each kind. */
const few = [
  "DescribeCertificates",
  "ModifyCertificateAlias",
  "SetCdnDomainSSLCertificate",
  "UpdateDomainHttpsCert",
  "deploy_certificate",
  "list_jobs",
  "find_certificates",
];
const chosen = process.env.ACCESS_MATRIX === "wide" ? Object.keys(tools) : few;

const people = Object.keys(given).filter((name): name is PersonName => name in given);
const sets = Object.keys(scopeSets).filter((name): name is ScopeSet => name in scopeSets);
const callers = people.flatMap((person) =>
  sets.map((scopes) => ({ person, scopes, token: `cloudcert_${person}-${scopes.replaceAll(" ", "-")}` })),
);
type Caller = (typeof callers)[number];

/** "r", "c", or "-": by the two tables. */
function mayWith({ person, scopes }: Caller, account: AccountName): string {
  const letter = given[person].charAt(accounts.indexOf(account));
  return letter === "r" || letter === "c" ? scopeSets[scopes][letter] : "-";
}

/** Whether the caller may make the call. */
function mayCall(caller: Caller, account: AccountName, tool: string): boolean {
  const [kind = "", clouds = ""] = (tools[tool] ?? "").split(" ");
  const has = [...clouds].some((cloud) => cloudsOf[account].includes(cloud));
  const may = mayWith(caller, account);
  return has && (may === "c" || (may === "r" && kind === "r"));
}

let folder: string;
let server: TeamServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "matrix-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  const tokens = callers.map(({ person, scopes, token }) => ({
    name: `${person}.${scopes.replaceAll(" ", "-")}`,
    sha256: createHash("sha256").update(token).digest("hex"),
    scopes: scopeSets[scopes].scopes,
    groups: [person],
    expires,
  }));
  server = await startTeamServer([
    "--sandbox",
    "--accounts",
    file("accounts.yaml", accountsFile),
    "--rules",
    file("rules.yaml", rules),
    "--tokens",
    file("tokens.json", JSON.stringify({ tokens })),
    "--rate-limit",
    "1000000",
    "--address-rate-limit",
    "1000000",
  ]);
});
afterAll(async () => {
  await server.end();
  rmSync(folder, { recursive: true });
});

const answer = z.object({
  result: z.record(z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** One request as the caller; undefined if the server does not let it in with this token. */
async function ask(caller: Caller, method: string, params: Record<string, unknown> = {}) {
  const body = { jsonrpc: "2.0", id: 1, method, params };
  const headers = { authorization: `Bearer ${caller.token}`, "mcp-protocol-version": "2025-06-18" };
  const response = await post(server.endpoint, body, headers);
  const text = await response.text();
  if (response.status === 401 || response.status === 403) return undefined;
  if (response.status !== 200) throw new Error(`${method}: ${response.status} ${text}`);
  const lines = text.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : []));
  return answer.parse(JSON.parse(lines.at(-1) ?? text));
}

const listed = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      inputSchema: z.object({
        properties: z
          .object({ account: z.object({ enum: z.array(z.string()) }).optional() })
          .passthrough()
          .default({}),
      }),
    }),
  ),
});

/** What the caller's tool list says about each account: "tool account". */
async function seenBy(caller: Caller): Promise<ReadonlySet<string>> {
  const reply = await ask(caller, "tools/list");
  if (reply?.result === undefined) return new Set();
  const only = accounts.filter((account) => mayWith(caller, account) !== "-");
  return new Set(
    listed.parse(reply.result).tools.flatMap(({ name, inputSchema }) => {
      // With one account there is nothing to choose: the tool is for that one.
      const among = inputSchema.properties.account?.enum.filter((each) => each !== "all") ?? only;
      return among.map((account) => `${name} ${account}`);
    }),
  );
}

/** Whether a call gets past the question of who makes it: then its arguments are looked at, and they are wrong. */
async function getsThrough(caller: Caller, account: AccountName, tool: string): Promise<boolean> {
  const reply = await ask(caller, "tools/call", { name: tool, arguments: { account, noSuchArgument: 1 } });
  if (reply === undefined || reply.error !== undefined) return false;
  return JSON.stringify(reply.result).includes("noSuchArgument");
}

const named = callers.map((caller) => [`${caller.person}, ${caller.scopes}`, caller] as const);

describe.each(rows(named, 5))("%s", ofRows, (_, caller) => {
  it("sees those tools and accounts that the tables give, and no other", async () => {
    const seen = await seenBy(caller);
    const expected = accounts.flatMap((account) =>
      Object.keys(tools)
        .filter((tool) => mayCall(caller, account, tool))
        .map((tool) => `${tool} ${account}`),
    );
    const known = new Set(Object.keys(tools));
    expect([...seen].filter((each) => known.has(each.split(" ")[0] ?? "")).toSorted()).toEqual(expected.toSorted());
    // A tool that the table does not have would be one that nobody judged; this one is about no account.
    const beside = [...seen].map((each) => each.split(" ")[0] ?? "").filter((name) => !known.has(name));
    expect(new Set(beside)).toEqual(new Set(seen.size === 0 ? [] : ["explain_error"]));
  });

  it.each(accounts)("calls what the tables give with %s, and nothing else", async (account) => {
    const through: string[] = [];
    for (const tool of chosen) if (await getsThrough(caller, account, tool)) through.push(tool);
    expect(through).toEqual(chosen.filter((tool) => mayCall(caller, account, tool)));
  });

  it("is told nothing of other accounts, by any way of reading", async () => {
    const hidden = accounts.filter((account) => mayWith(caller, account) === "-");
    const told: unknown[] = [];
    const own = accounts.filter((account) => mayWith(caller, account) !== "-");
    const tell = async (method: string, params?: Record<string, unknown>) =>
      told.push(await ask(caller, method, params));
    await tell("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "x", version: "1" },
    });
    for (const method of ["tools/list", "resources/list", "resources/templates/list", "prompts/list"])
      await tell(method);
    for (const name of ["find_certificates", "plan_renewals", "list_jobs", "list_standing_approvals", "list_vault"]) {
      await tell("tools/call", { name, arguments: {} });
      for (const account of own) await tell("tools/call", { name, arguments: { account } });
    }
    await tell("tools/call", { name: "DescribeCertificates", arguments: {} });
    for (const uri of ["cloudcert://status", ...own.map((account) => `cloudcert://status/${account}`)]) {
      await tell("resources/read", { uri });
    }
    const template = { type: "ref/resource", uri: "cloudcert://certificates/{account}/{id}" };
    for (const ref of [template, { type: "ref/resource", uri: "cloudcert://certificates/{id}" }]) {
      for (const name of ["account", "id"]) await tell("completion/complete", { ref, argument: { name, value: "" } });
    }
    await tell("completion/complete", {
      ref: { type: "ref/prompt", name: "rotate-certificate" },
      argument: { name: "certificate", value: "" },
    });
    const text = JSON.stringify(told);
    const marks = hidden.flatMap((account) => [account, ...(idsOf.get(account) ?? [])]);
    expect(marks.filter((mark) => text.includes(mark))).toEqual([]);
    // The same text has the marks of what the caller may read, or it would prove nothing.
    for (const account of own)
      expect([account, ...(idsOf.get(account) ?? [])].some((mark) => text.includes(mark))).toBe(true);
  });

  it("cannot tell an account that is hidden from one that does not exist", async () => {
    for (const hidden of accounts.filter((account) => mayWith(caller, account) === "-")) {
      for (const name of ["DescribeCertificates", "find_certificates", "deploy_certificate"]) {
        const [one, other] = await Promise.all(
          [hidden, "nonesuch"].map((account) => ask(caller, "tools/call", { name, arguments: { account } })),
        );
        expect(JSON.stringify(one)).toBe(JSON.stringify(other));
      }
    }
  });
});

/** Ids of each account's certificates at Tencent Cloud, as its owner sees them. */
const idsOf = new Map<string, readonly string[]>();
beforeAll(async () => {
  const owner = callers.find(({ person, scopes }) => person === "owner" && scopes === "all");
  if (owner === undefined) throw new Error("there is no owner");
  for (const account of accounts.filter((each) => cloudsOf[each].includes("T"))) {
    const reply = await ask(owner, "tools/call", { name: "DescribeCertificates", arguments: { account } });
    const rows = z.object({
      structuredContent: z.object({ Certificates: z.array(z.object({ CertificateId: z.string() })) }),
    });
    const { Certificates } = rows.parse(reply?.result).structuredContent;
    idsOf.set(
      account,
      Certificates.map(({ CertificateId }) => CertificateId),
    );
  }
});
